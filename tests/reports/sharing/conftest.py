"""Reports that are out, with readers and links, and a second brand beside it."""

from typing import Any

from reports.making.models import Report
from reports.sharing.actions import release_report, share_report
from reports.sharing.steps import MadeShare
from tests.reports.making.conftest import again, asked, made, other, said, worker, world
from tests.world import World


def released(world: World, **more: Any) -> Report:
    report = made(world, world.owner, **more)
    release_report(world.owner, report_id=report.pk)
    return again(world, report)


def shared(world: World, report: Report | None = None, **more: Any) -> MadeShare:
    """With a link for Me Blanc."""
    given = {"recipient": "Me Blanc"} | more
    return share_report(world.owner, report_id=(report or released(world)).pk, **given)


__all__ = ["again", "asked", "made", "other", "released", "said", "shared", "worker", "world"]
