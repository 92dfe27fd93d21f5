"""Mistakes that trackers in use have made with such clocks, each as a story with what is right, reckoned by hand.

Times are those of Paris, in an office from Monday to Friday, 9 to 18, with Easter Monday (2027-03-29) off. Acknowledge within an
hour, answer within eight. A line of a story: when, what, and by which side or to which side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clients.briefings.calendar import Calendar
from clients.custody.clocks import Event, Kind, Reading, Targets, along_with, read
from tenants.vocabulary import Side

PARIS = ZoneInfo("Europe/Paris")
OFFICE = Calendar("Europe/Paris", (((540, 1080),),) * 5 + ((), ()), frozenset({date(2027, 3, 29)}))
WITHIN = Targets(timedelta(hours=1), timedelta(hours=8))
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """`right`: '<round>.<clock>.<field>' or 'rounds', and what it is: a moment of Paris, minutes, a word, None or a truth."""

    name: str
    seen: str
    story: tuple[str, ...]
    now: str
    right: Mapping[str, Any]
    host: tuple[str, ...] = ()

    def reading(self) -> Reading:
        events = along_with([event(line) for line in self.story], [event(line) for line in self.host])
        return read(events, OFFICE, WITHIN, moment(self.now), first=Side.AGENCY)

    def said(self) -> dict[str, Any]:
        reading = self.reading()
        return {path: said(reading, path) for path in self.right}

    def holds(self) -> bool:
        return self.said() == dict(self.right)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(ZoneInfo("UTC"))


def event(line: str) -> Event:
    at, kind, *side = line.split()
    return Event(Kind(kind), moment(at), Side(side[0]) if side else None)


def said(reading: Reading, path: str) -> Any:
    if path == "rounds":
        return len(reading.rounds)
    number, kind, *fields = path.split(".")
    found: Any = getattr(reading.rounds[int(number) - 1], kind)
    for name in fields:
        found = found.get(Side(name)) if isinstance(found, Mapping) else getattr(found, name)
    match found:
        case datetime():
            return f"{found.astimezone(PARIS):%Y-%m-%dT%H:%M}"
        case timedelta():
            return found / MINUTE
    return found


CASES = (
    Case(
        "an internal note is neither a sign of life nor an answer",
        "zammad/zammad#1620, fivetran/dbt_zendesk#273: what counts as a first response",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:10 noted agency", "2027-03-22T09:20 noted brand"),
        "2027-03-22T18:00",
        {"1.acknowledge.breached_at": "2027-03-22T10:00", "1.answer.state": "running", "1.answer.due": "2027-03-22T17:00"},
    ),
    Case(
        "closing again after a re-opening loses no figure of the first round",
        "zammad/zammad#4777: close_in_min gone when a ticket is closed again",
        (
            "2027-03-22T09:00 spoke", "2027-03-22T09:30 acknowledged agency", "2027-03-22T11:00 answered agency",
            "2027-03-22T11:01 closed agency", "2027-03-23T10:00 spoke", "2027-03-23T10:00 reopened agency",
            "2027-03-23T12:00 answered brand", "2027-03-23T12:01 closed brand",
        ),
        "2027-03-24T09:00",
        {
            "rounds": 2, "1.acknowledge.spent.working": 30, "1.answer.spent.working": 120, "1.answer.kept": True,
            "2.acknowledge.spent.working": 120, "2.acknowledge.kept": False, "2.answer.spent.working": 120,
            "2.answer.stopped_by": "brand",
        },
    ),
    Case(
        "whoever writes again is not put back to the end of the queue",
        "osTicket/osTicket#407: the time runs anew with each update",
        ("2027-03-22T09:00 spoke", "2027-03-22T12:00 spoke", "2027-03-22T16:00 spoke"),
        "2027-03-22T17:30",
        {"rounds": 1, "1.answer.due": "2027-03-22T17:00", "1.answer.breached_at": "2027-03-22T17:00"},
    ),
    Case(
        "no clock runs while we were the last to speak",
        "zammad/zammad#3140: an answered ticket escalates because the customer is slow",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:30 answered agency", "2027-03-22T09:40 answered agency"),
        "2027-03-26T17:00",
        {"rounds": 1, "1.answer.state": "stopped", "1.answer.kept": True, "1.answer.spent.working": 30},
    ),
    Case(
        "our first word to somebody is no answer to what they say later",
        "fivetran/dbt_zendesk#273: the agent's own comment counted as the reply",
        ("2027-03-22T09:00 answered agency", "2027-03-22T10:00 spoke"),
        "2027-03-22T10:30",
        {"rounds": 1, "1.acknowledge.state": "running", "1.acknowledge.due": "2027-03-22T11:00"},
    ),
    Case(
        "what is promised on top of an acknowledgement does not stop the answer clock",
        "zammad/zammad#5177: one clock's target overrules the other's",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:50 acknowledged agency"),
        "2027-03-22T17:01",
        {"1.acknowledge.kept": True, "1.answer.state": "running", "1.answer.breached_at": "2027-03-22T17:00"},
    ),
    Case(
        "a pause counts in working time, not by the wall",
        "frappe/helpdesk#2449: time on hold was added to the moment of creation",
        ("2027-03-26T16:00 spoke", "2027-03-26T17:00 asked agency", "2027-03-30T10:00 spoke"),
        "2027-03-30T10:30",
        {"1.answer.spent.working": 90, "1.answer.due": "2027-03-30T17:00", "1.acknowledge.stopped_at": "2027-03-26T17:00"},
    ),
    Case(
        "while the member is asked there is no due moment to miss",
        "frappe/helpdesk#1554: paused on the page, running underneath",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 asked agency"),
        "2027-03-25T12:00",
        {"1.answer.state": "paused", "1.answer.due": None, "1.answer.breached_at": None, "1.answer.spent.working": 60},
    ),
    Case(
        "asking after the breach does not hide it",
        "frappe/helpdesk#2232: 'paused' shown for a target that had failed",
        ("2027-03-22T09:00 spoke", "2027-03-22T17:30 asked agency", "2027-03-23T09:00 spoke",
         "2027-03-23T09:05 answered agency"),
        "2027-03-23T12:00",
        {"1.answer.breached_at": "2027-03-22T17:00", "1.answer.kept": False, "1.answer.spent.working": 515},
    ),
    Case(
        "two questions in a row are one pause",
        "glpi-project/glpi#15605: time waited for lost at the next change",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 asked agency", "2027-03-22T11:00 asked brand", "2027-03-22T12:00 spoke",
         "2027-03-22T12:30 spoke"),
        "2027-03-22T13:00",
        {"1.answer.asleep": 120, "1.answer.spent.working": 120, "1.answer.due": "2027-03-23T10:00"},
    ),
    Case(
        "re-opening what was closed without an answer goes on with the old round: the member waited all along",
        "znuny/Znuny#369: the clock is set to zero at each re-opening; zammad/zammad#188",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:30 closed agency", "2027-03-22T15:00 reopened brand"),
        "2027-03-22T16:00",
        {"rounds": 1, "1.answer.started_at": "2027-03-22T09:00", "1.answer.due": "2027-03-22T17:00",
         "1.acknowledge.breached_at": "2027-03-22T10:00"},
    ),
    Case(
        "closing is no answer",
        "glpi-project/glpi#23359: solved time in the statistics of waiting",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:30 closed agency"),
        "2027-03-22T12:00",
        {"1.acknowledge.kept": None, "1.acknowledge.let_go": True, "1.answer.kept": None, "1.answer.let_go": True,
         "1.answer.stopped_by": None},
    ),
    Case(
        "an answer that leaves a moment after the closing is an answer",
        "zammad/zammad#4516: figures only after a second closing",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 closed agency", "2027-03-22T10:01 answered agency"),
        "2027-03-23T12:00",
        {"rounds": 1, "1.answer.kept": True, "1.answer.spent.working": 61, "1.answer.let_go": False},
    ),
    Case(
        "passing it on neither stops nor restarts a clock, and each side has its own time",
        "glpi-project/glpi#6902: another agreement, and the time so far is forgotten",
        ("2027-03-22T09:00 spoke", "2027-03-22T11:00 passed brand", "2027-03-22T15:00 passed agency",
         "2027-03-22T16:00 answered agency"),
        "2027-03-22T18:00",
        {"1.answer.by_side.agency.working": 180, "1.answer.by_side.brand.working": 240, "1.answer.spent.working": 420,
         "1.answer.due": "2027-03-22T17:00", "1.answer.kept": True},
    ),
    Case(
        "the other side's acknowledgement counts: the member knows no sides",
        "a rule of ours, so that nobody writes twice",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:30 acknowledged brand"),
        "2027-03-22T12:00",
        {"1.acknowledge.kept": True, "1.acknowledge.stopped_by": "brand", "1.acknowledge.by_side.agency.working": 30},
    ),
    Case(
        "a holiday and a weekend between: eight hours from Good Friday evening end on Tuesday",
        "glpi-project/glpi#687: the calendar of an agreement was not used",
        ("2027-03-26T17:00 spoke",),
        "2027-03-26T17:30",
        {"1.answer.due": "2027-03-30T16:00", "1.acknowledge.due": "2027-03-26T18:00"},
    ),
    Case(
        "the clock change on the Sunday between takes no hour from Monday",
        "fivetran/dbt_zendesk#25: business minutes at today's offset",
        ("2027-10-29T17:00 spoke", "2027-11-01T10:00 answered agency"),
        "2027-11-01T12:00",
        {"1.answer.spent.working": 120, "1.answer.spent.elapsed": 3960, "1.answer.due": "2027-11-01T16:00"},
    ),
    Case(
        "merged into another conversation it keeps its first word, and the answer given there is its answer",
        "a merged ticket is closed in most trackers, and its wait with it",
        ("2027-03-22T09:00 spoke", "2027-03-22T09:30 merged brand"),
        "2027-03-22T18:00",
        {"1.acknowledge.spent.working": 120, "1.acknowledge.kept": False, "1.answer.spent.working": 300,
         "1.answer.by_side.brand.working": 270},
        host=("2027-03-22T09:15 answered brand", "2027-03-22T11:00 acknowledged brand", "2027-03-22T14:00 answered brand"),
    ),
    Case(
        "asked exactly when due, it is overdue once the member has replied and nobody has answered",
        "a rule of ours",
        ("2027-03-22T09:00 spoke", "2027-03-22T17:00 asked agency", "2027-03-23T10:00 spoke"),
        "2027-03-23T10:30",
        {"1.answer.due": "2027-03-22T17:00", "1.answer.breached_at": "2027-03-23T10:00"},
    ),
    Case(
        "what is answered in the other at the very moment of merging is answered in both, at the moment of splitting in one",
        "a rule of ours",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 merged brand", "2027-03-22T12:00 split agency"),
        "2027-03-22T16:00",
        {"1.acknowledge.stopped_at": "2027-03-22T10:00", "1.answer.state": "running"},
        host=("2027-03-22T10:00 acknowledged brand", "2027-03-22T12:00 answered brand"),
    ),
    Case(
        "split out again unanswered, it has waited since its first word",
        "a rule of ours: merging is no way to win time",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 merged brand", "2027-03-22T12:00 split agency"),
        "2027-03-22T16:00",
        {"rounds": 1, "1.answer.state": "running", "1.answer.due": "2027-03-22T17:00", "1.answer.spent.working": 420},
        host=("2027-03-22T14:00 answered brand",),
    ),
    Case(
        "what a network tells late is read in the order in which it happened",
        "zammad/zammad#2082: the moment to escalate is renewed at the second reply only",
        ("2027-03-22T10:00 answered agency", "2027-03-22T09:00 spoke"),
        "2027-03-22T12:00",
        {"rounds": 1, "1.answer.kept": True, "1.answer.spent.working": 60},
    ),
    Case(
        "exactly in time is in time",
        "a rule of ours",
        ("2027-03-22T09:00 spoke", "2027-03-22T10:00 acknowledged agency", "2027-03-22T17:00 answered agency"),
        "2027-03-22T18:00",
        {"1.acknowledge.kept": True, "1.answer.kept": True},
    ),
)  # fmt: skip
