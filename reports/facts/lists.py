"""What is shown one by one: topics, members, pictures, what was said and done, what comes next, the press, the last check."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from clients.community.models import Member
from clients.community.rules import Consent
from clients.disclosure.rules import InfoClass, strictest
from clients.evidence.queries import last_check
from clients.insights.queries import told_lines
from clients.items.models import Media, MediaClass
from clients.people.rules import Verb
from clients.press.models import WatchNote
from clients.press.queries import topic_words
from reports.facts.canonical import moment
from reports.facts.counting import is_closed, rows_seen
from reports.facts.gathering import Gathering
from reports.facts.periods import Period
from reports.facts.shapes import Cell, Figure, Listing, Row
from reports.facts.sources import COMING, MEMBER, MEMBERS, NOTES, PICTURES, PRESS, SAID
from reports.facts.worded import class_of, items_worded

MOST = 10
MOST_PICTURES = 12
MOST_COMING = 50
_ACTS_SHOWING = """
    FROM gate_receipt act
    JOIN items_itemversion said ON said.item_id = act.item_id AND said.digest = act.content_digest
    CROSS JOIN LATERAL jsonb_array_elements(said.content->'media') shown
    WHERE act.sent_at >= %s AND act.sent_at < %s
"""
_SHOWN = f"SELECT shown->>'digest' {_ACTS_SHOWING}"
_LAST_OF_THIS = f"""(
    SELECT {{what}} {_ACTS_SHOWING} AND shown->>'digest' = items_media.digest ORDER BY act.sent_at DESC, act.id DESC LIMIT 1
)"""


def topics(making: Gathering, counted: list[Figure]) -> Listing:
    """The biggest topics among the counts by topic, with what the watch list calls them where both sides may read that."""
    found = [one for one in counted if one.code == "mentions.topic" and one.value]
    found.sort(key=lambda one: (-(one.value or 0), one.key))
    called = topic_words() if found else {}
    rows = (_topic(one, called) for one in found[:MOST])
    return Listing("topics", ("topic", "label", "mentions", "before"), tuple(rows), len(found))


def members(making: Gathering) -> Listing:
    """Who said most. A name stands here where the member agreed to be named, and the reader may read it; else a number does."""
    making.sight.require(SAID.verb)
    rows = SAID.rows().filter(SAID.within(making.period), rows_seen(SAID, making.sight)).annotate(who=MEMBER)
    found = rows.filter(who__isnull=False).values("who", "conversation__member")
    counted = found.annotate(said=Count("pk"), talks=Count("conversation", distinct=True)).order_by(
        "-said", "-talks", "who"
    )
    top = list(counted[:MOST])
    named = _named(making, [one["conversation__member"] for one in top if one["conversation__member"]])
    lines = tuple(_member(place, one, named.get(one["conversation__member"])) for place, one in enumerate(top, 1))
    return Listing("members", ("place", "name", "said", "conversations"), lines, counted.count())


def pictures(making: Gathering) -> tuple[Figure, Listing]:
    """What went out with acts of the period, the newest first, each once, with the words it went out with."""
    making.sight.require(PICTURES.verb)
    seen = rows_seen(PICTURES, making.sight)
    rows, rows_before = shown_in(making.period), shown_in(making.period.before)
    found, all_now = rows.filter(seen), rows.count()
    since, until = making.period.since, making.period.until
    told = found.annotate(
        shown_at=RawSQL(_LAST_OF_THIS.format(what="act.sent_at"), (since, until)),  # noqa: S611  # two fixed texts
        alt=RawSQL(_LAST_OF_THIS.format(what="shown->>'alt'"), (since, until)),  # noqa: S611
        seen_by=Subquery(MediaClass.objects.filter(media=OuterRef("pk")).values("info_class")[:1]),
    ).order_by("-shown_at", "digest")
    lines = tuple(
        Row("items.media", one.pk, (one.digest, one.mime, one.alt or "", moment(one.shown_at)), InfoClass(one.seen_by))
        for one in told[:MOST_PICTURES]
    )
    count = found.count()
    making.left_out(PICTURES, all_now - count)
    strict = strictest([InfoClass.SHARED, *found.order_by().values_list("classing__info_class", flat=True).distinct()])
    before, hidden = rows_before.filter(seen).count(), all_now - count
    figure = making.derived("pictures.shown", count, before, rows=count, withheld=hidden, info_class=strict)
    return figure, Listing("pictures", ("digest", "mime", "alt", "at"), lines, count, all_now - count)


def said_and_done(making: Gathering) -> Listing:
    """'You said, we did', as the brand released it."""
    found = told_lines(making.period.since, making.period.until) if making.sight.reads(InfoClass.SHARED) else []
    rows = (
        Row("insights.insight", one.insight, (one.said, one.did, one.theme, one.decision, moment(one.at)))
        for one in found
    )
    return Listing("told", ("said", "did", "theme", "decision", "at"), tuple(rows), len(found))


def coming(making: Gathering) -> tuple[Figure, Listing]:
    """What is planned for the period that follows, in order."""
    making.sight.require(COMING.verb)
    rows = COMING.rows().filter(COMING.within(making.period.after))
    if is_closed(COMING, making.sight):
        return making.closed("coming.items"), Listing("coming", _PLAN, (), 0)
    count = rows.count()
    told = items_worded(rows, making.sight).order_by("not_before", "pk")
    found = told.values("pk", "not_before", "words", "words_class", "kind", "state")[:MOST_COMING]
    lines = tuple(
        Row(
            "items.item", one["pk"], (moment(one["not_before"]), one["words"], one["kind"], one["state"]), class_of(one)
        )
        for one in found
    )
    return making.derived("coming.items", count, None, rows=count), Listing("coming", _PLAN, lines, count)


def watch(making: Gathering) -> Listing:
    """Days to watch in the period that follows: the agency's notes."""
    days = making.period.after
    rows = WatchNote.objects.filter(dropped_at=None, day__gte=days.start, day__lte=days.end)
    found = list(rows.filter(making.sight.readable("")).order_by("day", "pk"))
    lines = (Row("press.watchnote", one.pk, (one.day.isoformat(), one.subject, one.text), _class(one)) for one in found)
    withheld = rows.count() - len(found)
    making.left_out(NOTES, withheld)
    return Listing("watch", ("day", "subject", "text"), tuple(lines), len(found), withheld)


def press(making: Gathering) -> Listing:
    """The pieces of the reviews that came out, as they may be quoted."""
    making.sight.require(PRESS.verb)
    rows = PRESS.rows().filter(PRESS.within(making.period))
    found = (
        rows.filter(rows_seen(PRESS, making.sight))
        .select_related("review")
        .order_by("review__out_at", "position", "pk")
    )
    lines = tuple(
        Row("press.reviewentry", one.pk, tuple(_quoted(one)), InfoClass(one.review.info_class)) for one in found
    )
    return Listing("pieces", _PIECE, lines, len(lines), rows.count() - len(lines))


def checked(making: Gathering) -> Listing:
    """The last recomputation of the log: how much of it was gone through, how much held, and what was wrong first."""
    making.sight.require(Verb.AUDIT_READ)
    columns = ("asked_at", "size", "done", "good", "ended_at", "fault")
    one = last_check() if making.sight.reads(InfoClass.NAMED) else None
    if one is None:
        return Listing("check", columns, (), 0)
    ended = moment(one.ended_at) if one.ended_at else None
    cells = (moment(one.asked_at), one.size, one.done, one.good, ended, one.fault)
    return Listing("check", columns, (Row("evidence.check", one.pk, cells, InfoClass.NAMED),), 1)


_PLAN = ("at", "title", "kind", "state")
_PIECE = ("headline", "source", "published_at", "topic", "excerpt", "comment", "link", "licence")


def _quoted(one: Any) -> list[Cell]:
    published: datetime | None = one.published_at
    at = moment(published) if published else None
    return [one.headline, one.source_name, at, one.topic, one.excerpt, one.comment, one.link, one.licence]


def _topic(one: Figure, called: dict[str, str]) -> Row:
    key = dict(one.dimensions)["topic"]
    return Row("mentions.topic", None, (key, called.get(key, ""), one.value, one.before), one.info_class)


def _named(making: Gathering, ids: list[Any]) -> dict[Any, Member]:
    """Of these the members who agreed to be named and whom the reader may read; those they may not are counted as left out."""
    if not ids:
        return {}
    may = ExpressionWrapper(rows_seen(MEMBERS, making.sight), BooleanField())
    agreed = list(MEMBERS.rows().filter(pk__in=ids, naming_consent=Consent.GIVEN).annotate(may=may))
    making.left_out(MEMBERS, sum(not one.may for one in agreed))
    return {one.pk: one for one in agreed if one.may}


def _member(place: int, one: dict[str, Any], member: Member | None) -> Row:
    cells = (place, member.name if member else None, one["said"], one["talks"])
    return Row("community.member", member.pk if member else None, cells, _class(member))


def _class(row: Any) -> InfoClass:
    return InfoClass(row.info_class) if row else InfoClass.SHARED


def shown_in(period: Period) -> QuerySet[Media]:
    """Pictures and films in what went out in a period, each once, whoever may see them."""
    rows: QuerySet[Media] = PICTURES.rows().filter(digest__in=RawSQL(_SHOWN, (period.since, period.until)))  # noqa: S611
    return rows
