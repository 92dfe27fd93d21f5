"""A course of time with real mail, for the proof `veto-calendar`: the clock is set, and a mail server answers as told."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import override_settings

from clients.approvals.actions import set_policy
from clients.approvals.models import VetoWindow
from clients.approvals.words import OnLapse
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.queries import number_in_force
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.channels.mailserver import Mailbox, serving
from tests.proof._scene import digest, posts, work_off
from tests.world import SECTIONS, World

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


@dataclass(slots=True)
class Course:
    """The world on its calendar, its mail server, and what has gone wrong."""

    world: World
    mail: Mailbox
    clock: Any = None
    wrong: list[str] = field(default_factory=list)
    windows: int = 0
    endings: int = 0

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(f"{datetime.now(PARIS):%Y-%m-%d %H:%M:%S} {what}")

    def go(self, moment: datetime) -> None:
        """Set the clock, and let relay and workers do what is due by then."""
        self.clock.move_to(moment)
        for _ in range(6):
            with brand_scope(self.world.brand):
                due = OutboxRow.objects.filter(done_at=None, due_at__lte=moment).exclude(kind__startswith="portal.")
                rows = list(due.values_list("id", flat=True))
            if not rows:
                return
            work_off(self.world, rows)

    def state(self, item: Item) -> str:
        return self.world.state_of(item)


@contextmanager
def post_office() -> Iterator[Mailbox]:
    mail = Mailbox()
    with serving(mail) as port:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield mail


def rules(course: Course, hours: list[Any], minutes: int) -> None:
    """The brand writes its hours and how long a window is; the agency reads the new briefing."""
    world = course.world
    with brand_scope(world.brand):
        number = number_in_force()
    publish_briefing(actor=world.owner, after=number, sections=SECTIONS, calendar={"hours": hours, "country": "FR"})
    acknowledge_briefing(actor=world.cm, number=number + 1)
    set_policy(world.owner, needs=[], decide_minutes=None, on_lapse=OnLapse.HOLD, veto_minutes=minutes)


def brought(course: Course, answer: str = "") -> Item:
    """A new item, its notices handed to the post office, which answers each address with `answer` or takes it."""
    people = course.world.people
    approvers = (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER)
    course.mail.refuse = {people[role].email: answer for role in approvers} if answer else {}
    item = course.world.submitted(f"Fenêtre {random.random()}")
    course.go(datetime.now(UTC))
    return item


def post_office_takes(course: Course, moment: datetime) -> None:
    """From now on letters are taken; those put off are tried at `moment`."""
    course.mail.refuse = {}
    with brand_scope(course.world.brand):
        OutboxRow.objects.filter(done_at=None, kind="approvals.notice").update(due_at=moment)
    course.go(moment)


def window(course: Course, item: Item) -> VetoWindow:
    with brand_scope(course.world.brand):
        return VetoWindow.objects.get(item_id=item.pk, digest=digest(item))


def closes(course: Course, item: Item) -> datetime:
    closes_at = window(course, item).closes_at
    assert closes_at is not None
    return closes_at


def stays(course: Course, item: Item, state: str, what: str) -> None:
    """Ten days on, it is still where it was and the wall has nothing new."""
    before = posts(course.world)
    course.go(datetime.now(UTC) + 10 * DAY)
    course.must((course.state(item), posts(course.world)) == (state, before), f"{what}: {course.state(item)}")
