"""What whoever takes over needs to know, as it stands now: rights, briefing, channels and sources, ready words, who is who.

Never a secret: of channels and sources their names, kinds and health. Each part within the class of its own rows.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from clients.autonomy.vocabulary import ActionKind
from clients.briefings.access import with_words, words_in
from clients.briefings.goals import Goal, goals_of
from clients.briefings.models import BriefingSection
from clients.briefings.queries import briefing_in_force
from clients.briefings.rules import Section as Part
from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand
from clients.community.models import Member
from clients.community.rules import Consent
from clients.conversations.models import SavedReply
from clients.disclosure.rules import InfoClass
from clients.mandates.models import CharterVersion, GrantRow, Mandate
from clients.mandates.queries import live_mandates
from clients.people.queries import people_of_brand
from clients.people.rules import Verb
from clients.service.queries import channel_names
from clients.sources.models import Source as Watched
from clients.sources.rules import SourceState
from reports.facts.bounded import bounded
from reports.facts.canonical import moment
from reports.facts.gathering import Gathering
from reports.facts.happened import listed_acts
from reports.facts.shapes import Cell, Listing, Row
from reports.facts.sources import MEMBERS, Source
from tenants.models import BrandPerson
from tenants.vocabulary import Side

SHARED = InfoClass.SHARED
BETWEEN = " \u00b7 "
MANDATES = Source(name="mandates", model=Mandate, verb=Verb.REPORT_READ, fixed=SHARED)
GRANTS = Source(name="grants", model=GrantRow, verb=Verb.REPORT_READ, fixed=SHARED)
BRIEFING = Source(name="briefing", model=BriefingSection, verb=Verb.BRIEFING_READ)
PLACES = Source(name="places", model=Channel, verb=Verb.REPORT_READ, fixed=SHARED)
WATCHED = Source(name="watched", model=Watched, verb=Verb.SOURCE_READ)
PEOPLE = Source(name="people", model=BrandPerson, verb=Verb.REPORT_READ, fixed=SHARED)
GRANT = (
    *("agency", "version", "channel", "kind", "sensitivity", "level", "hours", "weekdays", "daily_cap"),
    "last_day",
)
READY = {Side.AGENCY: SHARED, Side.BRAND: InfoClass.BRAND}
"""Words that a side keeps ready for itself: the agency hands its own over, the brand's stay the brand's."""


def mandates(making: Gathering) -> Listing:
    """The mandates that live; once none does, the last one."""
    told = _mandates()
    source = _of(MANDATES, told)
    found = bounded(making, source, Mandate.objects.filter(pk__in=told))
    rows = [
        Row(
            MANDATES.kind,
            one.pk,
            (one.agency_name, one.state, *days_text(one.starts_on, one.ends_on), one.notice_days),
            source.fixed or SHARED,
        )
        for one in found.first(found.rows, "-created_at", "-pk")
    ]
    return found.listing("mandates", ("agency", "mandate_state", "starts_on", "ends_on", "notice_days"), rows)


def charter(making: Gathering) -> Listing:
    """Grant by grant the charters of these mandates that were signed last: the matrix in words."""
    told = _mandates()
    signed = CharterVersion.objects.filter(mandate=OuterRef("charter__mandate"), signature__isnull=False)
    newest = Subquery(signed.order_by("-number").values("pk")[:1])
    source = _of(GRANTS, told)
    found = bounded(making, source, GrantRow.objects.filter(charter__mandate__in=told, charter=newest))
    called = channel_names() if found.total else {}
    lines = found.first(found.rows.select_related("charter__mandate"), "charter", "channel_id", "kind", "sensitivity")
    rows = [
        Row(GRANTS.kind, one.pk, _grant(one, called.get(one.channel_id, "")), source.fixed or SHARED) for one in lines
    ]
    return found.listing("charter", GRANT, rows)


def briefing(making: Gathering) -> Listing:
    """The briefing in force, part by part, in its own words."""
    version = briefing_in_force()
    found = bounded(making, BRIEFING, with_words(BriefingSection.objects.filter(version=version)))
    told = {one.section: one for one in found.first(found.rows, "section")}
    rows = [
        Row(BRIEFING.kind, one.pk, (part, text), InfoClass(one.info_class))
        for part in Part
        if (one := told.get(part)) and (text := _text(part, words_in(part, one.words, one.former)))
    ]
    return found.listing("briefing", ("part", "text"), rows)


def channels(making: Gathering) -> Listing:
    """Over which channels the brand speaks, and how they fare."""
    found = bounded(making, PLACES, channels_of_brand())
    rows = [
        Row(PLACES.kind, one.pk, (one.name, one.kind, one.handle, one.state, one.health, at_text(one.expires_at)))
        for one in found.first(found.rows.defer("secret"), "name", "pk")
    ]
    return found.listing("channels", ("channel", "network", "handle", "channel_state", "health", "expires_at"), rows)


def sources(making: Gathering) -> Listing:
    """Where the brand watches, how often, and what is wrong there."""
    found = bounded(making, WATCHED, Watched.objects.exclude(state=SourceState.REMOVED))
    rows = [
        Row(WATCHED.kind, one.pk, (one.name, one.kind, one.state, one.every, _trouble(one)), InfoClass(one.info_class))
        for one in found.first(found.rows.defer("secret").select_related("health"), "name", "pk")
    ]
    return found.listing("sources", ("source", "medium", "source_state", "every", "trouble"), rows)


def ready_words(making: Gathering) -> Listing:
    """Words that a side keeps ready for its people: quick answers and macros."""
    making.sight.require(Verb.CONVERSATION_READ)
    kept = SavedReply.objects.filter(shared=True).order_by("name", "pk")
    told = [one for one in kept if making.sight.reads(READY[Side(one.side)])]
    rows = [
        Row("conversations.savedreply", one.pk, (one.name, one.text, one.language, one.step), READY[Side(one.side)])
        for one in told
    ]
    return Listing("ready", ("title", "words", "language", "step"), tuple(rows), len(told), len(kept) - len(told))


def people(making: Gathering) -> Listing:
    """Whom to speak to on both sides."""
    found = bounded(making, PEOPLE, people_of_brand())
    rows = [
        Row("people.person", one.pk, (one.name, one.side, one.role, one.agency_name, one.email))
        for one in found.first(found.rows, "-side", "name", "pk")
    ]
    return found.listing("people", ("person", "side", "role", "agency", "email"), rows)


def known(making: Gathering) -> Listing:
    """Members who agreed to be named: how they are reached, and whether they agreed to that."""
    found = bounded(making, MEMBERS, Member.objects.filter(naming_consent=Consent.GIVEN))
    rows = [
        Row(MEMBERS.kind, one.pk, (one.name, _handles(one), one.preferred, one.consent), InfoClass(one.info_class))
        for one in found.first(found.rows.prefetch_related("handles"), "name", "pk")
    ]
    return found.listing("known", ("member", "handles", "preferred", "consent"), rows)


def ambassadors(making: Gathering) -> Listing:
    """The small powers that were granted to members in the brand's name, whenever that was."""
    return listed_acts(making, "ambassadors", Q(kind=ActionKind.AMBASSADOR_POWER))


def _mandates() -> list[UUID]:
    live = list(live_mandates().values_list("pk", flat=True))
    return live or list(Mandate.objects.order_by("-created_at", "-pk").values_list("pk", flat=True)[:1])


def _of(source: Source, told: list[UUID]) -> Source:
    """An agency sees its own mandate alone: several are the brand's to see beside one another."""
    return source if len(told) == 1 else replace(source, fixed=InfoClass.BRAND)


def _grant(one: GrantRow, channel: str) -> tuple[Cell, ...]:
    where = channel or (str(one.channel_id) if one.channel_id else "")
    hours = (
        ""
        if one.hours_start is None or one.hours_end is None
        else f"{_wall(one.hours_start)}\u2013{_wall(one.hours_end)}"
    )
    limits = (hours, one.weekdays, one.daily_cap, *days_text(one.until))
    return (one.charter.mandate.agency_name, one.charter.number, where, one.kind, one.sensitivity, one.level, *limits)


def _trouble(one: Watched) -> str:
    return one.health.trouble if hasattr(one, "health") else ""


def _handles(one: Member) -> str:
    return ", ".join(str(handle) for handle in one.handles.all())


def _text(part: Part, value: Any) -> str:
    return "\n".join(map(_goal, goals_of(value))) if part is Part.GOALS else _plain(value)


def _goal(one: Goal) -> str:
    """In the order in which whoever draws it reads it."""
    return BETWEEN.join(
        (one.figure, one.direction, str(one.value), one.per, *([one.since.isoformat()] if one.since else ()))
    )


def _plain(value: Any) -> str:
    """A part of the briefing as text: a line for each of its lines, with what its columns say."""
    if isinstance(value, str):
        return value
    return "\n".join(_line(one) for one in value or ())


def _line(one: Any) -> str:
    told: Iterable[Any] = one.values() if isinstance(one, dict) else [one]
    return BETWEEN.join(", ".join(map(str, part)) if isinstance(part, list) else str(part) for part in told if part)


def days_text(*days: Any) -> tuple[str | None, ...]:
    """Days as ISO; None where there is none."""
    return tuple(day.isoformat() if day else None for day in days)


def at_text(found: Any) -> str | None:
    """A moment as ISO in UTC; None where there is none."""
    return moment(found) if found else None


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
