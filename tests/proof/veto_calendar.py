"""Silence counts only where the brand said so, once a notice arrived, in the brand's hours: veto windows on the hardest nights.

Time is set, mail is real: each notice is handed to an SMTP server on this machine that takes it, refuses it or puts it
off. The end of a window is compared with a walk over single minutes of the wall clock. Around each end: nothing a
second before, sent at the end. Nights: both changes of the clock in Paris (2027-03-28, 2027-10-31), Easter Monday
between, and windows at random around them. Then the odd endings: every notice refused, one of three taken, none ever
answered, a veto in the last second and one second late, a relay that is late, a stop within the window, an edit that
comes back to the same words.

Seen to fall short when: a window opened as its notice was queued; every hour of every day was open; holidays were left
out; a refused notice opened the window; `void_window` did nothing.
"""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine

from clients.gate.actions import approve_item, resume, stop, submit_item, veto_item, withdraw_item
from clients.items.actions import edit_item
from tenants.vocabulary import Role
from tests.proof._course import (
    DAY,
    PARIS,
    Course,
    brought,
    closes,
    post_office,
    post_office_takes,
    rules,
    stays,
    window,
)
from tests.proof._scene import code_of, digest, posts, quiet, scene
from tests.world import at

SECOND = timedelta(seconds=1)
OFFICE = [[[540, 1080]]] * 5 + [[], []]
NIGHTS = [[], [], [], [], [], [[1200, 1440]], [[0, 360]]]
EASTER = date(2027, 3, 29)

# When the notice arrives, the brand's hours, minutes of the window.
KNOWN = (
    ("2027-03-26T17:00+01:00", OFFICE, 240),  # Friday before Easter: an hour, then Tuesday
    ("2027-03-27T22:00+01:00", NIGHTS, 420),  # over the skipped hour
    ("2027-03-28T01:30+01:00", NIGHTS, 240),  # ends on the next Saturday
    ("2027-03-28T01:59+01:00", NIGHTS, 2),  # ends beyond the gap
    ("2027-10-30T23:30+02:00", NIGHTS, 300),  # over the doubled hour
    ("2027-10-31T02:30+02:00", NIGHTS, 60),  # within it: the same wall clock twice
    ("2027-10-31T02:30+01:00", NIGHTS, 60),
)
RANDOM = {"small": 12, "full": 400}


def run(scale: str) -> tuple[str, bool]:
    """Windows, then odd endings."""
    world = scene(level=4)
    with quiet(), post_office() as mail, time_machine.travel(at("2027-03-20T10:00+01:00"), tick=False) as clock:
        course = Course(world, mail, clock)
        moments = sorted([*KNOWN, *(_some_window() for _ in range(RANDOM[scale]))], key=lambda case: at(case[0]))
        for moment, hours, minutes in moments:
            _one_window(course, at(moment), hours, minutes)
        rules(course, OFFICE, 60)
        for number, ending in enumerate(ENDINGS):
            course.go(at("2028-02-07T10:00+01:00") + number * 21 * DAY)
            ending(course)
            course.endings += 1
    for line in course.wrong:
        print(f"  wrong: {line}")
    figures = (
        f"{course.windows} windows over both nights, a holiday and random weeks, {course.endings} odd endings, "
        f"{len(mail.got)} letters taken: {len(course.wrong)} wrong"
    )
    return figures, not course.wrong and posts(world) > 0


def _some_window() -> tuple[str, list[Any], int]:
    """A random notice within two weeks around a change, in random hours that touch the night."""
    night = random.choice((datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)))
    moment = night + timedelta(minutes=random.randrange(-3 * 1440, 1440))
    hours = random.choice((OFFICE, NIGHTS, [[[0, 1440]]] * 7, [[[90, 200], [1320, 1440]]] * 7))
    return moment.isoformat(), hours, random.choice((1, 45, 180, 600))


def _one_window(course: Course, delivered: datetime, hours: list[Any], minutes: int) -> None:
    """Brought ten minutes before its notice arrives: the post office puts it off until then."""
    course.windows += 1
    course.go(delivered - timedelta(minutes=10))
    rules(course, hours, minutes)
    item = brought(course, answer="451 later")
    course.must(window(course, item).closes_at is None, "a window is open before its notice arrived")
    post_office_takes(course, delivered)
    closes_at, expected = window(course, item).closes_at, walked(delivered, hours, minutes)
    course.must(closes_at == expected, f"delivered {delivered}, {minutes} min: closes {closes_at}, walked {expected}")
    if closes_at is None:
        return
    before = posts(course.world)
    course.go(closes_at - SECOND)
    course.must((course.state(item), posts(course.world)) == ("in_veto", before), "left before its window closed")
    course.go(closes_at)
    course.must((course.state(item), posts(course.world)) == ("sent", before + 1), "did not leave when it closed")


def walked(start: datetime, hours: list[Any], minutes: int) -> datetime:
    """Minute by minute on the wall clock of Paris: open within the hours of the weekday, and on no holiday."""
    here, left = start.astimezone(UTC), minutes
    while left:
        wall = here.astimezone(PARIS)
        minute = wall.hour * 60 + wall.minute
        is_open = any(a <= minute < b for a, b in hours[wall.weekday()]) and wall.date() not in HOLIDAYS
        left -= is_open
        here += timedelta(minutes=1)
    return here


# The holidays of France from March 2027 on, written down by hand.
HOLIDAYS = {
    EASTER, date(2027, 5, 1), date(2027, 5, 6), date(2027, 5, 8), date(2027, 5, 17), date(2027, 7, 14), date(2027, 8, 15),
    date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25), date(2028, 1, 1),
}  # fmt: skip


def _all_refused(course: Course) -> None:
    item = brought(course, "550 nobody here")
    stays(course, item, "waiting", "every notice was refused")
    before = posts(course.world)
    approve_item(course.world.approver, item_id=item.pk, seen_digest=digest(item))
    course.go(datetime.now(UTC))
    course.must(posts(course.world) == before + 1, "a yes after refused notices did not count")


def _one_taken(course: Course) -> None:
    """Two refuse, one takes it: whichever comes first."""
    item = brought(course, "451 later")
    people = course.world.people
    course.mail.refuse = {people[role].email: "550 nobody" for role in (Role.BRAND_OWNER, Role.APPROVER)}
    course.go(datetime.now(UTC) + timedelta(hours=2))
    course.must(course.state(item) == "in_veto", f"one of three notices arrived: {course.state(item)}")
    course.go(closes(course, item))
    course.must(course.state(item) == "sent", "one notice had arrived and the window closed")


def _never_answered(course: Course) -> None:
    """Neither taken nor refused: after days of trying the item waits for a yes."""
    item = brought(course, "451 later")
    stays(course, item, "waiting", "no notice ever arrived")
    withdraw_item(course.world.cm, item_id=item.pk)


def _last_second(course: Course) -> None:
    item = brought(course)
    course.go(closes(course, item) - SECOND)
    veto_item(course.world.approver, item_id=item.pk, seen_digest=digest(item))
    stays(course, item, "vetoed", "a veto in the last second")


def _second_late(course: Course) -> None:
    item = brought(course)
    course.go(closes(course, item))
    course.go(closes(course, item) + SECOND)
    code = code_of(lambda: veto_item(course.world.approver, item_id=item.pk, seen_digest=digest(item)))
    course.must((course.state(item), code) == ("sent", "not_in_this_state"), f"a veto one second late: {code}")


def _late_relay(course: Course) -> None:
    """The window is over, nobody has looked yet: the brand's no still counts."""
    item = brought(course)
    course.clock.move_to(closes(course, item) + SECOND)
    veto_item(course.world.approver, item_id=item.pk, seen_digest=digest(item))
    stays(course, item, "vetoed", "a veto before a late relay")


def _stop_within(course: Course) -> None:
    """The silence of before a stop counts no more."""
    item = brought(course)
    hold = stop(course.world.owner)
    course.go(closes(course, item) + SECOND)
    resume(course.world.owner, hold_id=hold.pk)
    stays(course, item, "held", "a stop within the window")


def _edited_and_back(course: Course) -> None:
    """Other words and then the same again: the brand gets a new notice and a whole new window."""
    item, world = brought(course), course.world
    first = closes(course, item)
    content = world.content(item.title)
    course.go(first - timedelta(minutes=10))
    changed = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Tout autre chose"))
    edit_item(world.cm, item_id=item.pk, seen_digest=changed.digest, content=content)
    letters = len(course.mail.got)
    submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    course.go(first + SECOND)
    course.must(len(course.mail.got) == letters + 3, "brought again without a new notice")
    course.must(course.state(item) == "in_veto", f"brought again after an edit: {course.state(item)}")
    course.go(first + DAY)
    course.must(course.state(item) == "sent", f"its second window closed: {course.state(item)}")


ENDINGS = (
    _all_refused,
    _one_taken,
    _never_answered,
    _last_second,
    _second_late,
    _late_relay,
    _stop_within,
    _edited_and_back,
)
