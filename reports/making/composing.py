"""Where making meets the other parts: the facts of a period, and the document of a kind that says them in a language."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import cast

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from clients.items.files import bytes_of
from clients.items.models import Media
from clients.items.queries import media_by_digest
from clients.people.actor import Actor
from clients.press.queries import topic_words
from clients.service.queries import channel_names
from reports.facts import sections as table
from reports.facts.lists import MOST_PICTURES
from reports.facts.periods import Period
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of as gathered
from reports.kinds import composing as kinds
from reports.kinds import summary
from reports.kinds.comparing import Both
from reports.kinds.composing import Annotation, Dress
from reports.kinds.words import SECTIONS, word
from reports.looks.queries import look_in_force, worn
from reports.making.access import note_facts, reads_section
from reports.making.models import Edition
from reports.making.queries import ceiling_of
from reports.making.rules import ReportKind, checked_period, fitting
from reports.rendering.blocks import Document, Seal
from reports.rendering.typography import Language
from tenants.errors import Missing

GROUP = 4
"""Signs of a printed code that stand together."""


def sections_of(kind: str) -> tuple[str, ...]:
    """The codes of the sections that a kind has, in their order."""
    return table.sections_of(kind)


def sections_open_to(actor: Actor, kind: str) -> list[str]:
    """Those of them that somebody may have put into a report."""
    return [code for code in sections_of(kind) if reads_section(actor, code)]


def section_words(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The same with what each is called in the language in force."""
    return [(code, section_word(code)) for code in codes]


def section_word(code: str) -> str:
    return word(SECTIONS, code)


def names_for(facts: Facts) -> dict[str, str]:
    """What channels and topics are called now, by their codes. No query where none is told apart. Inside the brand's scope."""
    apart = {name for _section, figure in facts.figures() for name, _value in figure.dimensions}
    channels = {str(pk): name for pk, name in channel_names().items()} if apart & {"channel", "rule"} else {}
    return channels | (topic_words() if "topic" in apart else {})


def side_by_side(ours: Facts, theirs: Facts, language: str) -> Both:
    """Two sets of facts to be compared, with what channels and topics of either are called. Inside the brand's scope."""
    return Both(ours, theirs, names_for(ours) | names_for(theirs), cast("Language", language))


def document_of(facts: Facts, edition: Edition, key: str = "") -> Document:
    """What an edition says: from its frozen `facts`, in its frozen look, with the brand's word on them. `key`: the name of
    what will sign it. Inside the brand's scope."""
    report = edition.report
    said = tuple(
        Annotation(one.text, one.author_name, one.at) for one in report.annotations.filter(at__gte=facts.made_at)
    )
    seal = Seal(_address(facts), _printed(edition.code), key) if key else None
    look = worn(edition.look, facts.brand.name)
    dress = Dress(look, names=names_for(facts), pictures=_pictures(facts), annotations=said, seal=seal)
    return kinds.document_of(facts, cast("Language", report.language), dress, title=report.title)


def preview_of(
    actor: Actor, kind: ReportKind, period: Period, chosen: Collection[str], language: str
) -> tuple[Document, Facts]:
    """What a report would say now, as far as this person reads, and of what it is made. Inside the brand's scope.

    Raises Refused('not_allowed') for sections that they may not have, Invalid('unknown_choice', 'sections') and what
    `fitting` and `checked_period` raise.
    """
    now = timezone.now()
    checked_period(fitting(kind, period), now)
    facts = gathered(actor.brand, Sight(ceiling_of(actor), actor), kind, period, now=now, chosen=chosen)
    note_facts(actor, facts)
    dress = Dress(worn(look_in_force(), facts.brand.name), names=names_for(facts), pictures=_pictures(facts))
    return kinds.document_of(facts, cast("Language", language), dress), facts


def summary_of(facts: Facts, language: str) -> list[str]:
    """The body of a letter, line by line."""
    said = cast("Language", language)
    with override(said):
        return [line for line in summary.summary_of(facts, said).text.splitlines() if line.strip()]


def _address(facts: Facts) -> str:
    return f"{settings.PUBLIC_SCHEME}://{facts.brand.slug}.{settings.PUBLIC_AUTHORITY}/verify"


def _printed(code: str) -> str:
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _pictures(facts: Facts) -> dict[str, bytes]:
    """The bytes of the pictures that the facts name, which were within their ceiling when they were made."""
    wanted = list(_digests(facts))[:MOST_PICTURES]
    found: dict[str, bytes] = {}
    for digest, media in media_by_digest(wanted).items() if wanted else ():
        with suppress(OSError, ValueError):  # a lost or altered file is told as a picture that could not be printed
            if media.mime.startswith("image/"):
                found[digest] = bytes_of(media)
    return found


def picture_of(facts: Facts, digest: str) -> Media:
    """A picture that frozen facts name, as long as both sides may still read it. Missing('picture')."""
    found = media_by_digest([digest]).get(digest) if digest in set(_digests(facts)) else None
    if found is None or not found.mime.startswith("image/"):
        raise Missing("picture")
    return found


def _digests(facts: Facts) -> Iterable[str]:
    for section in facts.sections:
        for listing in section.listings:
            if listing.code == "pictures":
                yield from (str(row["digest"]) for row in listing.records())
