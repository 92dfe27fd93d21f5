"""A report's life by machine: both sides do anything in any order; a small model says where it stands and whose word stays."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from reports.making import actions as making
from reports.making.models import Annotation, Report, ReportRule
from reports.making.queries import annotations_of
from reports.making.rules import LIFE, WAITING, ReportState, Step
from reports.making.steps import MAKE, NOTICE, REDRAW
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Drawn, Printer
from reports.sharing.actions import release_due_report, release_report, withdraw_report
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import again, asked, worker
from tests.reports.making.test_schedules import PARIS, ruled
from tests.world import World

S = ReportState
BRAND = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER}
DRAFTERS = BRAND | {Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER}
ANYBODY = st.sampled_from([*BRAND, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER, Role.AUDITOR])
ACTS: dict[Step, Callable[..., Any]] = {
    Step.HOLD: making.hold_report,
    Step.RESUME: making.resume_report,
    Step.RELEASE: release_report,
    Step.WITHDRAW: withdraw_report,
    Step.CANCEL: making.cancel_report,
    Step.RETRY: making.retry_report,
    Step.REMAKE: making.remake_report,
    Step.PROPOSE: making.propose_report,
}
BRANDS = {Step.HOLD, Step.RESUME, Step.RELEASE, Step.WITHDRAW}


class Life(RuleBasedStateMachine):
    """The model: where it stands, what the brand said of the figures that are read, and whether its file has these words."""

    world: ClassVar[World]

    @initialize(by_rule=st.booleans())
    def begin(self, by_rule: bool) -> None:
        with brand_scope(self.world.brand):
            Report.objects.update(rule=None)
        report = self.scheduled() if by_rule else asked(self.world)
        self.report, self.by_rule, self.state = report, by_rule, S.MAKING
        self.read: list[str] = []  # the brand's words on the newest whole figures
        self.said, self.printed = 0, True
        self.queued, self.dated = False, False  # letters that promise what silence does; one of them has arrived

    def scheduled(self) -> Report:
        rule_of_week = ruled(self.world, PARIS, timezone.now(), rhythm="weekly", releases_itself=True, window=4)
        with brand_scope(self.world.brand):
            ReportRule.objects.update(next_at=timezone.now())
        report = making.run_rule(worker(self.world), rule_id=rule_of_week.pk)
        assert report is not None
        return report

    @rule(who=ANYBODY, step=st.sampled_from(sorted(ACTS)))
    def take(self, who: Role, step: Step) -> None:
        known = step in LIFE[self.state] and (step is not Step.RELEASE or self.printed)
        done = self.tried(lambda: ACTS[step](self.world.actor(who), report_id=self.report.pk))
        assert done == (known and who in self.allowed(step)), (self.state, step, who)
        if done:
            self.state = LIFE[self.state][step]
            if step is not Step.PROPOSE:
                self.queued, self.dated = step is Step.RESUME and self.by_rule, False

    @rule(who=ANYBODY)
    def annotate(self, who: Role) -> None:
        text = f"Mot {self.said}"
        done = self.tried(lambda: making.annotate_report(self.world.actor(who), report_id=self.report.pk, text=text))
        assert done == (Step.ANNOTATE in LIFE[self.state] and who in BRAND)
        if done:
            self.read.append(text)
            self.said, self.printed, self.state = self.said + 1, False, LIFE[self.state][Step.ANNOTATE]

    @rule(breaks=st.booleans())
    def make(self, breaks: bool) -> None:
        """A worker comes by; what it prints from breaks, or not."""
        fault = patch.object(Printer, "draw", side_effect=NotDrawn(Fault.BROKEN)) if breaks else nullcontext()
        with fault:
            self.world.run_outbox(MAKE)
        if self.state is S.MAKING:
            self.state = S.FAILED if breaks else S.DRAFT
            if not breaks:
                self.read, self.printed, self.queued = [], True, self.by_rule

    @rule()
    def print_the_word(self) -> None:
        self.world.run_outbox(REDRAW)
        self.printed = self.printed or self.state in {S.DRAFT, S.PROPOSED, S.ANNOTATED, S.HELD}

    @rule(arrives=st.booleans())
    def tell(self, arrives: bool) -> None:
        """The letters that wait are taken by the mail server, or refused."""
        refusal = smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})
        with nullcontext() if arrives else patch.object(EmailBackend, "send_messages", side_effect=refusal):
            self.world.run_outbox(NOTICE)
        self.dated = self.dated or (self.queued and arrives and self.state in WAITING)
        self.queued = False

    @rule()
    def the_window_is_over(self) -> None:
        """Silence lets out what somebody was told of, and nothing else."""
        with brand_scope(self.world.brand):
            Report.objects.filter(release_at__isnull=False).update(release_at=timezone.now())
        self.tried(lambda: release_due_report(worker(self.world), report_id=self.report.pk))
        if self.dated and self.printed:
            self.state, self.dated = S.RELEASED, False

    @invariant()
    def silence_counts_as_it_was_told(self) -> None:
        assert (again(self.world, self.report).release_at is not None) == self.dated

    @invariant()
    def it_stands_where_the_table_says(self) -> None:
        assert again(self.world, self.report).state == self.state

    @invariant()
    def nothing_that_the_brand_said_is_lost(self) -> None:
        with brand_scope(self.world.brand):
            assert Annotation.objects.filter(report=self.report).count() == self.said
            report = Report.objects.get(pk=self.report.pk)
            assert [one.text for one in annotations_of(report)] == self.read

    def allowed(self, step: Step) -> set[Role]:
        """Whoever drafts touches neither the brand's word nor, but for making it anew, what its rule made."""
        brands = step in BRANDS or (step is Step.REMAKE and self.read)
        dropped = step is Step.CANCEL or (step is Step.RETRY and self.state is S.CANCELLED)
        return BRAND if brands or (dropped and (self.read or self.by_rule)) else DRAFTERS

    def tried(self, act: Callable[[], Any]) -> bool:
        try:
            act()
        except RelaisError:
            return False
        return True


@pytest.fixture
def quick() -> Iterator[None]:
    """Files that say nothing: what becomes of them is the matter here."""
    with patch.object(Printer, "draw", lambda *_, **__: Drawn(b"%PDF-1.7", 1, 0)):
        yield


def test_whatever_both_sides_do(world: World, quick: None) -> None:
    Life.world = world
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
