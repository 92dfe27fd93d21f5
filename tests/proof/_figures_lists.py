"""Every listing asked a second time, from the raw tables: which rows, in which order, and what each says first.

SQL of its own, days on the database's clock. `listed(...)` gives the lines that a listing has to hold up to the reader's classes;
`compare_lists` holds the facts against them, `compare_printed_lists` what stands on paper.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reports.facts.shapes import Facts, Listing
from reports.kinds.words import LISTINGS, word
from tests.proof._figures_sql import SAID, SENT, WHO, Days
from tests.proof._paper import Element
from tests.proof._printed import squeezed

PRINTED, MOST_TOPICS = 25, 10
NEWEST = "ORDER BY r.sent_at DESC, r.id DESC"
TITLE = "CASE WHEN r.kind IN ('direct_message', 'phone_call') THEN NULL ELSE r.title END"
"""What is said to one person alone has no words."""
SAYS = f"r.sent_at, {TITLE}, r.kind, r.channel_name, r.basis, r.level, r.person_name"
REMEDY = """(SELECT x.id, x.sent_at, x.kind, x.channel_id, v.content->>'target' AS target FROM {s}.gate_receipt x
    JOIN {s}.items_itemversion v ON v.item_id = x.item_id AND v.digest = x.content_digest
    WHERE x.kind IN ('correct', 'delete') AND v.content->>'target' <> '' AND {f:x.sent_at})"""


@dataclass(frozen=True)
class Asked:
    """One listing: its statement, which of its columns are compared, which of those is printed as it is, and who may read it."""

    section: str
    code: str
    columns: tuple[str, ...]
    statement: str
    printed: str = ""
    brand_only: bool = False


ACT = ("at", "words", "kind", "channel", "basis", "level", "by")
LISTS = (
    Asked("done", "acts", ACT, f"SELECT {SAYS} FROM {SENT} {NEWEST}", "words"),
    Asked("names", "told_at_once", ACT, f"SELECT {SAYS} FROM {SENT} AND r.level = 5 {NEWEST}", "words"),
    Asked("names", "trusted", ACT, f"SELECT {SAYS} FROM {SENT} AND r.level = 6 {NEWEST}", "words"),
    Asked(
        "brakes",
        "refusals",
        ("at", "verdict", "by", "reason"),
        "SELECT v.at, v.kind, v.person_name, v.comment FROM {s}.approvals_verdict v WHERE {w:v.at}"
        " AND v.kind IN ('no', 'veto') ORDER BY v.at DESC, v.id DESC",
    ),
    Asked(
        "brakes",
        "holds",
        ("since", "lifted_at", "scope", "by", "reason"),
        "SELECT h.placed_at, h.lifted_at, h.scope, h.placed_by_name, h.reason FROM {s}.approvals_hold h"
        " WHERE NOT {a:h.placed_at} AND (h.lifted_at IS NULL OR {f:h.lifted_at}) ORDER BY h.placed_at DESC, h.id DESC",
    ),
    Asked(
        "brakes",
        "incidents",
        ("at", "words", "channel", "level"),
        f"SELECT r.sent_at, {TITLE}, r.channel_name, r.level FROM {{s}}.gate_receipt r JOIN LATERAL (SELECT k.sent_at FROM "
        f"{REMEDY} k WHERE k.target = r.remote_id AND k.channel_id = r.channel_id ORDER BY k.sent_at, k.id LIMIT 1) k ON TRUE"
        f" WHERE r.remote_id <> '' AND ({{w:r.sent_at}} OR {{w:k.sent_at}}) {NEWEST}",
        "words",
    ),
    Asked(
        "insights",
        "noted",
        ("at", "title", "state", "decision", "by"),
        "SELECT i.created_at, i.title, i.state, i.decision, i.by_name FROM {s}.insights_insight i"
        " WHERE {w:i.created_at} AND {c:i} ORDER BY i.created_at DESC, i.id DESC",
        "title",
    ),
    Asked(
        "talk",
        "topics",
        ("topic", "mentions"),
        "SELECT t.topic, count(*) FROM {s}.mentions_mention m, jsonb_array_elements_text(m.matched) t(topic)"
        f" WHERE {{w:m.found_at}} AND {{c:m}} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_TOPICS}",
    ),
    Asked(
        "members",
        "members",
        ("said", "conversations"),
        f"SELECT count(*), count(DISTINCT c.id) FROM {SAID} AND {WHO} IS NOT NULL GROUP BY {WHO}, c.member"
        f" ORDER BY 1 DESC, 2 DESC, {WHO} LIMIT 10",
    ),
    Asked(
        "press",
        "pieces",
        ("headline", "topic"),
        "SELECT p.headline, p.topic FROM {s}.press_reviewentry p JOIN {s}.press_review c ON c.id = p.review_id"
        " WHERE {w:c.out_at} AND {c:c} ORDER BY c.out_at, p.position, p.id",
        "headline",
    ),
    Asked(
        "coming",
        "coming",
        ("at", "title", "kind", "state"),
        "SELECT i.not_before, i.title, i.kind, i.state FROM {s}.items_item i WHERE {n:i.not_before}"
        " AND i.state IN ('submitted', 'waiting', 'in_veto', 'cleared') ORDER BY i.not_before, i.id LIMIT 50",
        "title",
    ),
    Asked(
        "reads",
        "readings",
        ("at", "side", "act", "line"),
        "SELECT e.at, CASE e.side WHEN '' THEN 'house' ELSE e.side END, e.verb, e.seq FROM {s}.audit_entry e WHERE {w:e.at}"
        " AND e.verb IN ('read', 'link.opened', 'media.fetched', 'media.fetched_again') ORDER BY e.seq DESC",
        brand_only=True,
    ),
    Asked(
        "left",
        "disclosures",
        ("at", "way", "recipient", "class"),
        "SELECT d.at, d.way, d.recipient_kind, d.info_class FROM {s}.disclosure_disclosure d WHERE {w:d.at}"
        " ORDER BY d.at DESC, d.id DESC",
        brand_only=True,
    ),
)
Same = Callable[[str, Any, Any], None]


def listed(one: Asked, days: Days, *, is_brand: bool) -> list[tuple[Any, ...]]:
    """The lines that it has to have, all of them."""
    if one.brand_only and not is_brand:
        return []
    return [tuple(_plain(cell) for cell in row) for row in days.rows(one.statement)]


def compare_lists(facts: Facts, days: Days, *, is_brand: bool, tally: "Counter[str]", same: Same, place: str) -> None:
    """Each listing of these facts, line by line, and how many it says there are."""
    for one, listing in _of(facts):
        expected = listed(one, days, is_brand=is_brand)
        tally["lists"] += 1
        tally["lines"] += len(expected)
        same(f"{place} {one.section}.{one.code}", _lines(listing, one.columns), expected)
        if one.code not in {"topics", "members"}:
            same(f"{place} total of {one.code}", listing.total, len(expected))


def compare_printed_lists(
    tree: Element, sections: Iterable[str], days: Days, *, is_brand: bool, tally: "Counter[str]", same: Same, place: str
) -> None:
    """On paper, in the language in force: as many lines as may be printed, in order, each with the words that SQL has for it."""
    on_paper = _tables(tree)
    for one in LISTS:
        if one.section not in sections or not one.printed:
            continue
        at = one.columns.index(one.printed)
        expected = [row[at] for row in listed(one, days, is_brand=is_brand)][:PRINTED]
        found = on_paper.get(squeezed(word(LISTINGS, one.code)), [])
        tally["printed_lines"] += len(expected)
        same(f"{place} printed lines of {one.code}", len(found), len(expected))
        for cells, words in zip(found, expected, strict=False):
            if words and squeezed(words) not in {squeezed(cell) for cell in cells}:
                same(f"{place} a line of {one.code}", cells, words)


def _of(facts: Facts) -> Iterator[tuple[Asked, Listing]]:
    known = {(one.section, one.code): one for one in LISTS}
    for section in facts.sections:
        for listing in section.listings:
            if (section.code, listing.code) in known:
                yield known[section.code, listing.code], listing


def _lines(listing: Listing, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple(record[name] for name in columns) for record in listing.records()]


def _plain(cell: Any) -> Any:
    """A moment as facts write it."""
    if not isinstance(cell, datetime):
        return cell
    return cell.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _tables(tree: Element) -> dict[str, list[list[str]]]:
    """The rows of each table by its caption; a table that goes on over the page has none of its own."""
    found: dict[str, list[list[str]]] = {}
    caption = ""
    for table in tree.all("Table"):
        caption = next((words.text for words in table.all("Caption")), caption)
        _head, *rows = [[cell.text for cell in line.all("TH", "TD")] for line in table.all("TR")]
        found.setdefault(squeezed(caption), []).extend(rows)
    return found
