"""A report as a document: its head, what matters first, the brand's word, every section, what was left out, how to
check it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from reports.facts.canonical import canonical, tables
from reports.facts.periods import PeriodKind
from reports.facts.shapes import Checkpoint, Facts
from reports.kinds.listing import withheld_text
from reports.kinds.reading import Reading
from reports.kinds.sections import empty_ones, section_blocks
from reports.kinds.summary import opening, so_far
from reports.kinds.words import CLASSES, KINDS, LISTINGS, SECTIONS, word
from reports.rendering.blocks import Attachment, Block, Document, Head, Heading, Note, Paragraph, Seal, Words
from reports.rendering.look import Look
from reports.rendering.tables import csv_of
from reports.rendering.typography import Language, day, moment, number, set_text, span

LONG = frozenset({"monthly", "dossier"})
"""Kinds with a cover and a list of their parts."""
JSON_NAME = "facts.json"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the brand says to its report, who said it, and when."""

    text: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dress:
    """What a document has beside its facts. `names`: of channels, topics and rules, by code. `pictures`: by digest."""

    look: Look = field(default_factory=Look)
    agency: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    seal: Seal | None = None


def document_of(facts: Facts, language: Language, dress: Dress | None = None, *, title: str = "") -> Document:
    """The whole report in French or English. Same facts, same dress: the same document. `title` is that of an ad hoc report."""
    worn = dress or Dress()
    with override(language):
        label, usual = (str(one) for one in KINDS.get(facts.kind, KINDS["custom"]))
        when = span(facts.period.start, facts.period.end, language)
        head = Head(
            label, title or usual, f"{facts.brand.name}, {when}", _head_facts(facts, language), facts.kind in LONG
        )
        return Document(
            language=language,
            head=head,
            blocks=tuple(_blocks(facts, language, worn)),
            made_at=facts.made_at,
            author=worn.agency or facts.brand.name,
            footer=f"{facts.brand.name} · {label} · {when}",
            look=worn.look if worn.look.name else replace(worn.look, name=facts.brand.name),
            words=words_of(language),
            attachments=tuple(_attachments(facts, language)),
            seal=worn.seal,
            contents=facts.kind in LONG,
        )


def words_of(language: Language) -> Words:
    """The words that stand on every document, in the language in force."""
    reasons = {
        "not_a_picture": _("it is no picture that we can read"),
        "too_large": _("its file is too large"),
        "too_many_pixels": _("it has too many pixels"),
        "svg_refused": _("its drawing holds more than shapes"),
    }
    return Words(
        page=_("Page {page} of {pages}"),
        goal=pgettext("report", "Goal"),
        contents=_("Contents"),
        part_of=set_text(_("The first {shown} of {total} rows. All are in the attached file {name}."), language),
        data=_("The numbers"),
        data_attached=set_text(_("{total} rows of numbers: in the attached file {name}."), language),
        attached=_("Attached to this file"),
        verify=_("Check this report"),
        verify_at=set_text(_("At {address} with the code {code}. Signed with the key {key}."), language),
        not_printable=_(
            "{number} characters have no sign in our fonts and stand as \ufffd. The attached data has them."
        ),
        picture_left_out=set_text(_("A picture was left out: {reason}."), language),
        reasons=tuple((code, str(words)) for code, words in reasons.items()),
    )


def _head_facts(facts: Facts, language: Language) -> tuple[tuple[str, str], ...]:
    made = moment(facts.made_at, language, facts.brand.time_zone)
    return (
        (_("Period"), _("%(code)s, on the clock of %(zone)s") % {"code": _named(facts), "zone": facts.period.zone}),
        (_("Made"), made),
        (_("For"), word(CLASSES, facts.info_class)),
    )


def _named(facts: Facts) -> str:
    """The code by which programs know the period; days that somebody chose have none that people would read."""
    days = facts.period.days
    own = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return own if facts.period.kind is PeriodKind.CUSTOM else facts.period.code


def _blocks(facts: Facts, language: Language, dress: Dress) -> Iterator[Block]:
    reading = Reading(language, facts.brand.time_zone, dress.names, dress.pictures)
    if (lead := opening(facts, language)) != "":
        yield Paragraph(lead, "lead")
    yield from _so_far(facts, language)
    yield from _why(facts, language)
    for one in dress.annotations:
        yield Note(one.text, _("A word of the brand"), "annotation", _signed_off(one, reading))
    for section in facts.sections:
        if not section.is_empty:
            yield from section_blocks(section, reading)
    yield from empty_ones(facts.sections, language)
    yield from _left_out(facts, language)
    yield from _log(facts, language)


def _signed_off(said: Annotation, reading: Reading) -> str:
    return said.by if said.at is None else f"{said.by}, {moment(said.at, reading.language, reading.zone)}"


def _so_far(facts: Facts, language: Language) -> Iterator[Block]:
    """Up to when a period is told that still runs, and what it is compared with."""
    if words := so_far(facts, language):
        yield Note(words, tone="note")


def _why(facts: Facts, language: Language) -> Iterator[Block]:
    """Why there is a dash where a comparison would stand, and why a period has no figures."""
    began, quiet = facts.brand.began, all(section.is_empty for section in facts.sections)
    if began is not None and facts.is_first:
        words = _("Nothing to compare with: %(brand)s came here on %(day)s.")
        if quiet and facts.period.until <= began:
            words = _("There is nothing to count: %(brand)s came here on %(day)s, after this period.")
        when = day(began.astimezone(ZoneInfo(facts.brand.time_zone)).date(), language)
        yield Paragraph(set_text(words, language) % {"brand": facts.brand.name, "day": when}, "small")
    elif quiet:
        yield Paragraph(set_text(_("No act went out, nobody wrote, nothing was found."), language), "small")


def _left_out(facts: Facts, language: Language) -> Iterator[Block]:
    if facts.withheld:
        yield Heading(_("What is not in here"), quiet=True)
        yield Paragraph(withheld_text(facts.withheld, language), "small")


def _log(facts: Facts, language: Language) -> Iterator[Block]:
    """The head of the log at the period's end, where the report proves it, and the one of its making."""
    if facts.checkpoint is None:
        return
    yield Heading(_("Where the log stood"), quiet=True)
    if facts.closing is not None and facts.closing != facts.checkpoint:
        yield _head(facts.closing, facts, language, _("At the end of the period:"))
        yield _head(facts.checkpoint, facts, language, _("When this was made:"))
    else:
        yield _head(facts.checkpoint, facts, language, "")


def _head(head: Checkpoint, facts: Facts, language: Language, when: str) -> Paragraph:
    told = {
        "size": number(head.size, language),
        "at": moment(head.at, language, facts.brand.time_zone),
        "root": head.root,
    }
    words = _("%(size)s lines were sealed on %(at)s. The head of the log: %(root)s.") % told
    return Paragraph(set_text(f"{when} {words}".strip(), language), "small")


def _attachments(facts: Facts, language: Language) -> Iterator[Attachment]:
    """The data behind every number: once for programs, and each table for a spreadsheet."""
    whole = set_text(_("All facts of this report, for programs: %(period)s") % {"period": facts.period.code}, language)
    yield Attachment(JSON_NAME, canonical(facts), "application/json", whole, "Source")
    for name, columns, rows in tables(facts):
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        yield Attachment(f"{name}.csv", csv_of(columns, cells), "text/csv", _described(name, language), "Data")


def _described(name: str, language: Language) -> str:
    if name == "figures":
        return _("Every figure, one line each")
    if name == "series":
        return _("Every point of every trend")
    section, _dot, code = name.partition(".")
    return set_text(f"{word(SECTIONS, section)}: {word(LISTINGS, code)}", language)
