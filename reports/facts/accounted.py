"""Line by line who saw what is confidential and what was disclosed: what an audit statement rests on.

INVARIANT: these lines have no id. What is shown by its id is noted as a reading, and a reading of the list of readings would be a
line of it: the list would grow with each look.
"""

from collections import Counter
from typing import Any

from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass, is_logged, strictest
from reports.facts.bounded import bounded
from reports.facts.canonical import moment
from reports.facts.gathering import Gathering
from reports.facts.happened import people_named
from reports.facts.shapes import Cell, Listing, Row
from reports.facts.sources import LEFT, READS

READING = ("at", "who", "side", "act", "object", "count", "class", "line", "ids")
DISCLOSURE = ("at", "way", "who", "policy", "recipient", "to", "object", "count", "class", "until", "digest", "ids")
MOST_IDS = 20


def readings(making: Gathering) -> Listing:
    """Each line of the log that tells of somebody seeing what is confidential, the newest first."""
    found = bounded(making, READS, READS.rows().filter(READS.within(making.period)))
    lines = found.first(
        found.rows.values("seq", "at", "person_id", "side", "verb", "subject_kind", "subject_id", "facts"), "-seq"
    )
    names = people_named(str(one["person_id"]) for one in lines)
    rows = [Row(READS.kind, None, _reading(one, names), InfoClass.NAMED) for one in lines]
    return found.listing("readings", READING, rows)


def disclosures(making: Gathering) -> Listing:
    """Each line of the ledger, the newest first."""
    found = bounded(making, LEFT, LEFT.rows().filter(LEFT.within(making.period)))
    lines: list[Disclosure] = found.first(found.rows.select_related("words"), "-at", "-pk")
    names = people_named(str(person) for one in lines for person in (one.leave_person, one.recipient_id))
    rows = [Row(LEFT.kind, None, _disclosure(one, names), InfoClass.NAMED) for one in lines]
    return found.listing("disclosures", DISCLOSURE, rows)


def _reading(one: dict[str, Any], names: dict[str, str]) -> tuple[Cell, ...]:
    """What was seen is told in the line itself, object by object; else it is what the line is about."""
    told = one["facts"].get("objects") or [_subject(one)]
    kinds = Counter(seen.get("kind", "") for seen in told)
    strict = strictest(seen["class"] for seen in told if seen.get("class"))
    ids = ", ".join(str(seen["id"]) for seen in told[:MOST_IDS] if seen.get("id"))
    who = names.get(str(one["person_id"]), "")
    seen_as = str(strict) if is_logged(strict) else ""
    what = (one["verb"], ", ".join(sorted(filter(None, kinds))), len(told), seen_as)
    return (moment(one["at"]), who, one["side"] or "house", *what, one["seq"], ids)


def _subject(one: dict[str, Any]) -> dict[str, Any]:
    facts = one["facts"]
    kind, pk = facts.get("kind", one["subject_kind"]), facts.get("object", one["subject_id"])
    return {"kind": kind, "id": pk, "class": facts.get("info_class", "")}


def _disclosure(one: Disclosure, names: dict[str, str]) -> tuple[Cell, ...]:
    words = one.words.recipient if hasattr(one, "words") else ""
    to = names.get(str(one.recipient_id), "") or words
    left = (one.object_kind, one.count, str(one.info_class))
    until = moment(one.until) if one.until else None
    leave = (names.get(str(one.leave_person), ""), one.leave_policy)
    ids = ", ".join(str(pk) for pk in one.object_ids[:MOST_IDS])
    return (moment(one.at), one.way, *leave, one.recipient_kind, to, *left, until, one.digest, ids)
