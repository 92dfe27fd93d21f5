"""Reports of the stage: a draft, one that is out, and a link to it."""

from datetime import date

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of
from reports.making.actions import ask_report, make_report
from reports.making.models import Report
from reports.sharing.actions import release_report, share_report
from tests.world import World


def of_reports(world: World, word: str) -> dict[str, str]:
    draft, out = _made(world, f"Brouillon {word}"), _made(world, f"Rapport {word}")
    release_report(world.owner, report_id=out.pk)
    share = share_report(world.owner, report_id=out.pk, recipient=f"Me Blanc {word}").share
    return {"report_id": str(draft.pk), "released_id": str(out.pk), "share_id": str(share.pk)}


def _made(world: World, title: str) -> Report:
    week = period_of(PeriodKind.WEEK, date(2026, 11, 11), world.brand.time_zone)
    report = ask_report(world.cm, kind="weekly", period=week, language="fr", title=title)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return report
