"""What stands beside the counts of a week: each act and by what right, each refusal, brake and incident, and what was learnt."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from clients.approvals.models import Hold
from clients.approvals.words import HoldScope, VerdictKind
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind
from clients.disclosure.rules import InfoClass
from clients.gate.models import Dispatch
from clients.items.models import Item, ItemVersion
from clients.service.queries import channel_names
from reports.facts.bounded import MOST_LISTED, bounded
from reports.facts.canonical import moment
from reports.facts.counting import is_closed
from reports.facts.gathering import Gathering
from reports.facts.periods import Period
from reports.facts.shapes import Cell, Listing, Row
from reports.facts.sight import Sight
from reports.facts.sources import ACTS, HOLDS, NOTED, WORDS
from reports.facts.worded import class_of, items_worded, with_words
from tenants.models import BrandPerson

ACT = ("at", "words", "kind", "channel", "basis", "level", "approved_by", "by")
REFUSAL = ("at", "words", "verdict", "by", "reason")
HOLD = ("since", "lifted_at", "scope", "held", "by", "lifted_by", "reason")
INCIDENT = ("at", "words", "channel", "level", "remedy", "put_right_at", "by")
INSIGHT = ("at", "title", "theme", "department", "state", "decision", "by")


def acts(making: Gathering) -> Listing:
    """Everything that went out, the newest first: what, where, when, by whom, and in whose name."""
    return listed_acts(making, "acts", ACTS.within(making.period))


def told_at_once(making: Gathering) -> Listing:
    """What went out at level 5: the brand was told at once."""
    return listed_acts(making, "told_at_once", ACTS.within(making.period) & Q(level=Level.REPORT))


def trusted(making: Gathering) -> Listing:
    """What went out at level 6: this is where the brand is told of it."""
    return listed_acts(making, "trusted", ACTS.within(making.period) & Q(level=Level.TRUST))


def refusals(making: Gathering) -> Listing:
    """Vetoes and refusals by people of the brand, each with what it was about and why; of a conversation that the reader may not
    read neither."""
    said = (VerdictKind.NO, VerdictKind.VETO)
    found = bounded(making, WORDS, WORDS.rows().filter(WORDS.within(making.period), kind__in=said))
    told = with_words(found.rows, making.sight, "digest")
    columns = ("pk", "at", "words", "words_class", "is_shut", "kind", "person_name", "comment")
    lines = found.first(told.values(*columns), "-at", "-pk")
    rows = [
        Row(
            WORDS.kind,
            one["pk"],
            (
                moment(one["at"]),
                one["words"],
                one["kind"],
                one["person_name"],
                "" if one["is_shut"] else one["comment"],
            ),
            class_of(one),
        )
        for one in lines
    ]
    return found.listing("refusals", REFUSAL, rows)


def holds(making: Gathering) -> Listing:
    """The brand's brakes that were on in the period, on any of its days, whenever they were put on."""
    still_on = Q(lifted_at=None) | Q(lifted_at__gte=making.period.since)
    found = bounded(making, HOLDS, HOLDS.rows().filter(still_on, placed_at__lt=making.period.until))
    return found.listing("holds", HOLD, hold_rows(found.first(found.rows, "-placed_at", "-pk"), making.sight))


def incidents(making: Gathering) -> Listing:
    """Acts that had to be put right: those of the period, whenever that was, and earlier ones that were put right in it."""
    making.sight.require(ACTS.verb)
    period, remedies = making.period, _remedies(making.period)
    aimed_at = Dispatch.objects.filter(remote_id__in=[remote for _, remote in remedies]).values("pk")
    acts_meant = with_words(ACTS.rows().filter(dispatch_id__in=aimed_at), making.sight, "content_digest")
    lines = acts_meant.order_by("-sent_at", "-pk").values(*_INCIDENT_TELLS) if remedies else ()
    found = [(one, remedies[where]) for one in lines if (where := (one["channel_id"], one["remote_id"])) in remedies]
    told = [(one, by) for one, by in found if period.contains(one["sent_at"]) or period.contains(by["sent_at"])]
    if is_closed(ACTS, making.sight):
        return Listing("incidents", INCIDENT, (), 0)
    rows = [Row(ACTS.kind, one["pk"], _incident(one, by), class_of(one)) for one, by in told[:MOST_LISTED]]
    return Listing("incidents", INCIDENT, tuple(rows), len(told))


def noted(making: Gathering) -> Listing:
    """What was learnt in the period, with what became of it since."""
    found = bounded(making, NOTED, NOTED.rows().filter(NOTED.within(making.period)))
    lines = found.first(found.rows.select_related("theme", "department"), "-created_at", "-pk")
    rows = [Row(NOTED.kind, one.pk, insight_cells(one), InfoClass(one.info_class)) for one in lines]
    return found.listing("noted", INSIGHT, rows)


_INCIDENT_TELLS = ("pk", "sent_at", "words", "words_class", "channel_id", "channel_name", "level", "remote_id")


def listed_acts(making: Gathering, code: str, which: Q) -> Listing:
    """Acts under a condition, the newest first. Three queries at most."""
    found = bounded(making, ACTS, ACTS.rows().filter(which))
    told = with_words(found.rows, making.sight, "content_digest").values(
        *(
            "pk",
            "sent_at",
            "words",
            "words_class",
            "kind",
            "channel_name",
            "basis",
            "level",
            "approved_by",
            "person_name",
        )
    )
    lines = found.first(told, "-sent_at", "-pk")
    names = people_named(person for one in lines for person in one["approved_by"])
    rows = [Row(ACTS.kind, one["pk"], _act(one, names), class_of(one)) for one in lines]
    return found.listing(code, ACT, rows)


def _act(one: dict[str, Any], names: Mapping[str, str]) -> tuple[Cell, ...]:
    approved_by = ", ".join(names.get(person, person) for person in one["approved_by"])
    what = (moment(one["sent_at"]), one["words"], one["kind"], one["channel_name"])
    return (*what, one["basis"], one["level"], approved_by, one["person_name"])


def hold_rows(lines: list[Hold], sight: Sight) -> list[Row]:
    """Holds with the names of what they hold."""
    named = _held_names(lines, sight)
    return [Row(HOLDS.kind, one.pk, _hold(one, named.get(one.value, one.value))) for one in lines]


def _hold(one: Hold, held: str) -> tuple[Cell, ...]:
    lifted_at = moment(one.lifted_at) if one.lifted_at else None
    return (moment(one.placed_at), lifted_at, one.scope, held, one.placed_by_name, one.lifted_by_name, one.reason)


def _held_names(holds: Collection[Hold], sight: Sight) -> dict[str, str]:
    """What the values of their scopes are called: channels, people, items by their ids, but for items whose words are kept. A
    query for each scope that is there."""
    by_scope = {scope: [one.value for one in holds if one.scope == scope] for scope in HoldScope}
    named = people_named(by_scope[HoldScope.PERSON])
    if by_scope[HoldScope.CHANNEL]:
        named |= {str(pk): name for pk, name in channel_names().items()}
    if ids := [pk for one in by_scope[HoldScope.ITEM] if (pk := _id(one)) is not None]:
        held = items_worded(Item.objects.filter(pk__in=ids), sight).values_list("pk", "words")
        named |= {str(pk): words for pk, words in held if words}
    return named


def people_named(ids: Iterable[str]) -> dict[str, str]:
    """The names of people of the brand's space by their ids, also of those who have left it. No query for none."""
    wanted = {pk for one in ids if (pk := _id(one)) is not None}
    people = BrandPerson.objects.filter(person_id__in=wanted).values_list("person_id", "name") if wanted else ()
    return {str(pk): name for pk, name in people}


def _remedies(period: Period) -> dict[tuple[UUID, str], dict[str, Any]]:
    """The first act that corrected or deleted a post, by the post's channel and remote id, since the period began."""
    aim = ItemVersion.objects.filter(item_id=OuterRef("item_id"), digest=OuterRef("content_digest"))
    target = Subquery(aim.values_list(KeyTextTransform("target", "content"))[:1])
    later = ACTS.rows().filter(kind__in=(ActionKind.CORRECT, ActionKind.DELETE), sent_at__gte=period.since)
    found = later.annotate(target=target).exclude(target="").filter(target__isnull=False).order_by("-sent_at", "-pk")
    return {(one["channel_id"], one["target"]): one for one in found.values(*_REMEDY_TELLS)}


_REMEDY_TELLS = ("channel_id", "target", "sent_at", "kind", "person_name")


def _incident(one: dict[str, Any], remedy: dict[str, Any]) -> tuple[Cell, ...]:
    what = (moment(one["sent_at"]), one["words"], one["channel_name"], one["level"])
    return (*what, remedy["kind"], moment(remedy["sent_at"]), remedy["person_name"])


def insight_cells(one: Any) -> tuple[Cell, ...]:
    department = (one.department.name or one.department.code) if one.department else ""
    theme = one.theme.name if one.theme else ""
    return (moment(one.created_at), one.title, theme, department, one.state, one.decision, one.by_name)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
