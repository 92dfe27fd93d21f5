"""A few weeks of reports in the demo: some that went out, one of them shared by a link, one that the brand holds with a word."""

from collections.abc import Mapping
from datetime import time
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import Actor, process_of
from reports.facts.periods import Period, PeriodKind, period_of, today
from reports.making.actions import annotate_report, ask_report, hold_report, make_report, set_report_rule
from reports.making.models import Report
from reports.making.rules import ReportState, Ruling
from reports.sharing.actions import add_reader, release_report, share_report
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope

PASSWORD = "pain au levain"  # noqa: S105  of the demo's one link


def make_reports(actors: Mapping[Role, Actor], *, weeks: int) -> None:
    """For one brand: the week before last and those before it went out; the last one is held.

    On a machine that draws no pages the reports say so, and nothing more happens to them.
    """
    owner, agent = actors[Role.BRAND_OWNER], actors[Role.COMMUNITY_MANAGER]
    manager = actors.get(Role.BRAND_MANAGER, owner)
    set_report_rule(
        owner,
        ruling=Ruling(
            kind="weekly",
            rhythm="weekly",
            at=time(8),
            language="fr",
            releases_itself=True,
            window=8,
            readers=[owner.somebody, agent.somebody],
        ),
    )
    week = period_of(PeriodKind.WEEK, today(timezone.now(), owner.brand.time_zone), owner.brand.time_zone).before
    held = _made(agent, week, "À relire : la série de réponses du vendredi y est.")
    if held is not None:
        annotate_report(
            manager, report_id=held, text="Les délais de samedi me surprennent : on en parle lundi avant l’envoi ?"
        )
        hold_report(manager, report_id=held)
    shared = False
    for _ in range(weeks - 1):
        week = week.before
        out = _made(agent, week)
        if out is None:
            continue
        if manager is not owner:
            add_reader(owner, report_id=out, person_id=manager.somebody)
        release_report(owner, report_id=out)
        if not shared:
            share_report(owner, report_id=out, recipient="Me Blanc, conseil", days=14, views=20, password=PASSWORD)
            shared = True


def _made(actor: Actor, week: Period, words: str = "") -> UUID | None:
    """The id of a draft; None where it could not be made."""
    report = ask_report(actor, kind="weekly", period=week, language="fr", words=words)
    make_report(process_of(actor.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    with brand_scope(actor.brand):
        state = Report.objects.values_list("state", flat=True).get(pk=report.pk)
    return report.pk if state == ReportState.DRAFT else None
