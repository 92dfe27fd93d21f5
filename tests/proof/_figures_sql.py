"""Every figure counted a second time, from the raw tables: SQL of its own, days on the database's clock, no code of the facts.

`expected(...)` gives what each figure has to be, by its key. What has no row is not there: a count of it is 0, all else is none.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any

from django.db import connections

from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef

Key = str
FIELD = """(r.kind IN ('event', 'phone_call')
    OR r.channel_id IN (SELECT id FROM {s}.channels_channel WHERE kind IN ('field', 'phone')))"""
SENT = "{s}.gate_receipt r WHERE {w:r.sent_at}"
TALK = "{s}.custody_conversation c"
PUT_RIGHT = """r.remote_id <> '' AND EXISTS (SELECT 1 FROM {s}.gate_dispatch d JOIN {s}.items_itemversion v ON v.id = d.version_id
    WHERE d.state = 'sent' AND d.channel_id = r.channel_id AND v.content->>'kind' IN ('correct', 'delete')
    AND v.content->>'target' = r.remote_id)"""
PROMISED = f"""{{s}}.service_promise p JOIN {TALK} ON c.id = p.conversation_id
    WHERE {{w:p.until}} AND {{c:c}}"""
LOST = "{s}.gate_dispatch d WHERE {w:d.started_at} AND d.state IN ('failed', 'uncertain')"
PLANNED = "i.state IN ('submitted', 'waiting', 'in_veto', 'cleared')"
WHO = "COALESCE(c.member::text, CASE WHEN c.handle <> '' THEN concat(c.channel::text, ' ', c.handle) END)"
SAID = f"""{{s}}.custody_turn t JOIN {TALK} ON c.id = t.conversation_id
    WHERE t.voice = 'member' AND t.of_id IS NULL AND {{w:t.at}} AND {{c:c}}"""
LINKED = "{s}.crm_contact k JOIN {s}.community_member m ON m.id = k.member_id WHERE {w:k.linked_at} AND {c:m}"
CASES = "{s}.crm_ticket k WHERE {w:k.at} AND {c:k}"
SOLVED = "{s}.crm_ticket k WHERE {w:k.changed_at} AND k.state = 'closed' AND {c:k}"
COUNTS: dict[str, tuple[tuple[str, ...], str]] = {
    "acts.done": ((), f"SELECT count(*) FROM {SENT}"),
    "acts.done/2": (("kind", "channel"), f"SELECT r.kind, r.channel_id::text, count(*) FROM {SENT} GROUP BY 1, 2"),
    "field.acts": ((), f"SELECT count(*) FROM {SENT} AND {FIELD}"),
    "acts.basis": (("basis",), f"SELECT r.basis, count(*) FROM {SENT} GROUP BY 1"),
    "acts.level": (("level",), f"SELECT r.level::text, count(*) FROM {SENT} GROUP BY 1"),
    "acts.rule": (("basis", "rule"), f'SELECT r.basis, r."grant", count(*) FROM {SENT} GROUP BY 1, 2'),
    "acts.at_once": ((), f"SELECT count(*) FROM {SENT} AND r.basis IN ('standing', 'level')"),
    "acts.at_once/1": (
        ("basis",),
        f"SELECT r.basis, count(*) FROM {SENT} AND r.basis IN ('standing', 'level') GROUP BY 1",
    ),
    "incidents.level": ((), f"SELECT count(*) FROM {SENT} AND {PUT_RIGHT}"),
    "incidents.level/1": (("level",), f"SELECT r.level::text, count(*) FROM {SENT} AND {PUT_RIGHT} GROUP BY 1"),
    "mentions.found": ((), "SELECT count(*) FROM {s}.mentions_mention m WHERE {w:m.found_at} AND {c:m}"),
    "mentions.found/1": (
        ("medium",),
        "SELECT m.medium, count(*) FROM {s}.mentions_mention m WHERE {w:m.found_at} AND {c:m} GROUP BY 1",
    ),
    "mentions.kind": (
        ("kind",),
        "SELECT m.kind, count(*) FROM {s}.mentions_mention m WHERE {w:m.found_at} AND {c:m} GROUP BY 1",
    ),
    "mentions.topic": (
        ("topic",),
        (
            "SELECT k.key, count(*) FROM {s}.mentions_mention m, LATERAL jsonb_array_elements_text(m.matched) AS k(key)"
            " WHERE {w:m.found_at} AND {c:m} GROUP BY 1"
        ),
    ),
    "members.said": ((), f"SELECT count(*) FROM {SAID}"),
    "members.said/1": (("medium",), f"SELECT c.medium, count(*) FROM {SAID} GROUP BY 1"),
    "members.active": ((), f"SELECT count(DISTINCT {WHO}) FROM {SAID}"),
    "pictures.shown": (
        (),
        (
            "SELECT count(DISTINCT m.id) FROM {s}.items_media m JOIN {s}.items_mediaclass k ON k.media_id = m.id"
            " JOIN {s}.items_itemversion v ON v.content->'media' @> jsonb_build_array(jsonb_build_object('digest', m.digest))"
            " JOIN {s}.gate_receipt r ON r.item_id = v.item_id AND r.content_digest = v.digest"
            " WHERE {w:r.sent_at} AND {c:k}"
        ),
    ),
    "promises.due": (
        (),
        f"SELECT count(*) FROM {PROMISED}",
    ),
    "promises.kept": (
        (),
        (f"SELECT count(*) FROM {PROMISED} AND p.answered_at IS NOT NULL AND p.broken_at IS NULL"),
    ),
    "promises.broken": (
        (),
        (f"SELECT count(*) FROM {PROMISED} AND p.broken_at IS NOT NULL"),
    ),
    "insights.noted": ((), "SELECT count(*) FROM {s}.insights_insight i WHERE {w:i.created_at} AND {c:i}"),
    "insights.decided": ((), "SELECT count(*) FROM {s}.insights_insight i WHERE {w:i.decided_at} AND {c:i}"),
    "insights.decided/1": (
        ("decision",),
        "SELECT i.decision, count(*) FROM {s}.insights_insight i WHERE {w:i.decided_at} AND {c:i} GROUP BY 1",
    ),
    "insights.closed": ((), "SELECT count(*) FROM {s}.insights_insight i WHERE {w:i.closed_at} AND {c:i}"),
    "insights.told": ((), "SELECT count(*) FROM {s}.insights_released i WHERE {w:i.at}"),
    "words.no": ((), "SELECT count(*) FROM {s}.approvals_verdict v WHERE {w:v.at} AND v.kind = 'no'"),
    "words.veto": ((), "SELECT count(*) FROM {s}.approvals_verdict v WHERE {w:v.at} AND v.kind = 'veto'"),
    "holds.placed": ((), "SELECT count(*) FROM {s}.approvals_hold h WHERE {w:h.placed_at}"),
    "acts.unsent": (
        (),
        f"SELECT count(*) FROM {LOST}",
    ),
    "acts.unsent/1": (
        ("state",),
        f"SELECT d.state, count(*) FROM {LOST} GROUP BY 1",
    ),
    "crises.proposed": ((), "SELECT count(*) FROM {s}.crisis_crisis k WHERE {w:k.proposed_at}"),
    "crises.declared": ((), "SELECT count(*) FROM {s}.crisis_crisis k WHERE {w:k.declared_at}"),
    "coming.items": (
        (),
        f"SELECT count(*) FROM {{s}}.items_item i WHERE {{n:i.not_before}} AND {PLANNED}",
    ),
    "business.linked": (
        (),
        f"SELECT count(*) FROM {LINKED}",
    ),
    "business.cases": ((), f"SELECT count(*) FROM {CASES}"),
    "business.cases/1": (("asked",), f"SELECT k.kind, count(*) FROM {CASES} GROUP BY 1"),
    "business.solved": ((), f"SELECT count(*) FROM {SOLVED}"),
    "business.solved/1": (("asked",), f"SELECT k.kind, count(*) FROM {SOLVED} GROUP BY 1"),
    "reads.noted": (
        (),
        (
            "SELECT count(*) FROM {s}.audit_entry e WHERE {w:e.at}"
            " AND e.verb IN ('read', 'link.opened', 'media.fetched', 'media.fetched_again')"
        ),
    ),
    "reads.noted/2": (
        ("act", "side"),
        (
            "SELECT e.verb, e.side, count(*) FROM {s}.audit_entry e WHERE {w:e.at}"
            " AND e.verb IN ('read', 'link.opened', 'media.fetched', 'media.fetched_again') GROUP BY 1, 2"
        ),
    ),
    "left.items": ((), "SELECT count(*) FROM {s}.disclosure_disclosure d WHERE {w:d.at}"),
    "left.items/2": (
        ("way", "recipient"),
        "SELECT d.way, d.recipient_kind, count(*) FROM {s}.disclosure_disclosure d WHERE {w:d.at} GROUP BY 1, 2",
    ),
    "log.lines": ((), "SELECT count(*) FROM {s}.audit_entry e WHERE {w:e.at}"),
    "log.lines/1": (("side",), "SELECT e.side, count(*) FROM {s}.audit_entry e WHERE {w:e.at} GROUP BY 1"),
    "press.pieces": (
        (),
        "SELECT count(*) FROM {s}.press_reviewentry p JOIN {s}.press_review c ON c.id = p.review_id WHERE {w:c.out_at} AND {c:c}",
    ),
    "press.pieces/1": (
        ("topic",),
        (
            "SELECT p.topic, count(*) FROM {s}.press_reviewentry p JOIN {s}.press_review c ON c.id = p.review_id"
            " WHERE {w:c.out_at} AND {c:c} GROUP BY 1"
        ),
    ),
}
ROUNDS = (
    "SELECT k.kind, coalesce(c.channel::text, ''), c.language, k.band, k.working_brand + k.working_agency,"
    " k.stopped_at IS NOT NULL AND k.stopped_by <> '', k.breached_at IS NOT NULL, k.stopped_at IS NULL OR {a:k.stopped_at},"
    " k.stopped_at IS NOT NULL AND k.stopped_by = ''"
    f" FROM {{s}}.service_clock k JOIN {TALK} ON c.id = k.conversation_id WHERE {{w:k.started_at}} AND {{c:c}}"
)
WAITED = (
    "SELECT floor(extract(epoch FROM min(v.at) - i.submitted_at) / 60)::bigint FROM {s}.gate_receipt r"
    " JOIN {s}.items_item i ON i.id = r.item_id JOIN {s}.approvals_verdict v ON v.item_id = r.item_id"
    " AND v.digest = r.content_digest AND v.kind = 'yes' AND v.at >= i.submitted_at"
    " WHERE {w:r.sent_at} AND r.basis = 'approval' GROUP BY r.id, i.submitted_at"
)
WEEKS: dict[str, str] = {
    "acts.done": f"SELECT {{k:r.sent_at}}, count(*) FROM {SENT} GROUP BY 1",
    "field.acts": f"SELECT {{k:r.sent_at}}, count(*) FROM {SENT} AND {FIELD} GROUP BY 1",
    "mentions.found": "SELECT {k:m.found_at}, count(*) FROM {s}.mentions_mention m WHERE {w:m.found_at} AND {c:m} GROUP BY 1",
    "members.said": f"SELECT {{k:t.at}}, count(*) FROM {SAID} GROUP BY 1",
    "insights.noted": "SELECT {k:i.created_at}, count(*) FROM {s}.insights_insight i WHERE {w:i.created_at} AND {c:i} GROUP BY 1",
}


class Days:
    """Some days of a brand, up to some classes; asked of the database as its owner, who stands outside every wall.

    In a statement `{w:column}` is 'within the days', `{f:column}` 'since they began', `{a:column}` 'after them', `{n:column}`
    'within those that follow', `{c:row}` its class, `{k:column}` the week it lies in.
    """

    def __init__(
        self, brand: BrandRef, start: date, end: date, following: tuple[date, date], classes: Iterable[str]
    ) -> None:
        self.brand, self.start, self.end, self.following = brand, start, end, following
        self.classes = ", ".join(f"'{one}'" for one in classes)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(statement.format(s=f'"{self.brand.schema_name}"', **self._places()))
            return list(cursor.fetchall())

    def _places(self) -> dict[str, Any]:
        zone = self.brand.time_zone
        first, last = self.following

        def within(since: date, until: date) -> _Place:
            return _Place(lambda column: f"({column} AT TIME ZONE '{zone}')::date BETWEEN '{since}' AND '{until}'")

        return {
            "w": within(self.start, self.end),
            "a": _Place(lambda column: f"({column} AT TIME ZONE '{zone}')::date > '{self.end}'"),
            "n": within(first, last),
            "c": _Place(lambda row: f"{row}.info_class IN ({self.classes})"),
            "f": _Place(lambda column: f"({column} AT TIME ZONE '{zone}')::date >= '{self.start}'"),
            "k": _Place(lambda column: f"to_char({column} AT TIME ZONE '{zone}', 'IYYY-\"W\"IW')"),
        }


class _Place:
    """What stands in a statement for a column or a row."""

    def __init__(self, write: Any) -> None:
        self.write = write

    def __format__(self, about: str) -> str:
        return str(self.write(about))


def expected(days: Days) -> dict[Key, int | None]:
    """Every figure that has a row."""
    found: dict[Key, int | None] = {}
    for name, (by, statement) in COUNTS.items():
        for *parts, count in days.rows(statement):
            found[_key(name.split("/")[0], by, parts)] = count
    return found | _acts(days, found) | _clocks(days)


def by_week(days: Days) -> dict[str, dict[str, int]]:
    """Counts by ISO week, of the weeks that have any."""
    return {code: dict(days.rows(statement)) for code, statement in WEEKS.items()}


def _acts(days: Days, found: dict[Key, int | None]) -> dict[Key, int | None]:
    every, field = found["acts.done"] or 0, found["field.acts"] or 0
    told: dict[Key, int | None] = {"field.ratio": field * 10_000 // every if every else None}
    for channel, count in days.rows(f"SELECT r.channel_id::text, count(*) FROM {SENT} GROUP BY 1"):
        told[f"channels.share;channel={channel}"] = count * 10_000 // every
    waits = sorted(row[0] for row in days.rows(WAITED))
    told["waiting.median"] = _at(waits, 0.5)
    told["waiting.saved"] = None if not waits else (told["waiting.median"] or 0) * (found["acts.at_once"] or 0)
    return told


def _clocks(days: Days) -> dict[Key, int | None]:
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for kind, channel, language, band, *rest in days.rows(ROUNDS):
        groups["clocks", kind].append(tuple(rest))
        for by, name in (("channel", channel), ("language", language), ("band", band)):
            groups[f"fairness.{by}", kind, by, name].append(tuple(rest))
    told: dict[Key, int | None] = {}
    for (prefix, kind, *part), rows in groups.items():
        after = f";clock={kind}" + (f";{part[0]}={part[1]}" if part else "")
        told |= {f"{prefix}.{code}{after}": value for code, value in _served(rows).items() if not part or code in FAIR}
    return told


FAIR = ("rounds", "median", "in_time")


def _served(rows: list[tuple[Any, ...]]) -> dict[str, int | None]:
    times = sorted(worked // 60 for worked, stopped, *_ in rows if stopped)
    kept = sum(1 for _, stopped, late, *_rest in rows if stopped and not late)
    late = sum(1 for row in rows if row[2])
    return {
        "rounds": len(rows),
        "median": _at(times, 0.5),
        "nine_in_ten": _at(times, 0.9),
        "kept": kept,
        "late": late,
        "in_time": kept * 100 // (kept + late) * 100 if kept + late else None,
        "waiting": sum(1 for row in rows if row[3]),
        "let_go": sum(1 for row in rows if row[4]),
    }


def _at(ordered: list[int], share: float) -> int | None:
    """The first value that so large a share does not pass."""
    return ordered[max(ceil(len(ordered) * share), 1) - 1] if ordered else None


def _key(code: str, by: tuple[str, ...], parts: list[str]) -> Key:
    return ";".join([code, *(f"{name}={value}" for name, value in zip(by, parts, strict=True))])
