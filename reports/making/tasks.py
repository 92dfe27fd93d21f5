"""What the outbox calls for reports: draw one, and make what a rule wants now. Letting one out by itself is sharing's."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from reports.making.actions import date_reports, drop_papers, make_report, redraw_report, retry_failed, run_rule
from reports.making.steps import MAKE, REDRAW, RETRY, RUN
from tenants.walls.scope import BrandRef


@handles(MAKE)
def make(brand: BrandRef, payload: dict[str, Any]) -> None:
    make_report(_worker(brand), report_id=UUID(payload["report"]))


@handles(REDRAW)
def redraw(brand: BrandRef, payload: dict[str, Any]) -> None:
    redraw_report(_worker(brand), report_id=UUID(payload["report"]))


@handles(RETRY)
def retry(brand: BrandRef, payload: dict[str, Any]) -> None:
    retry_failed(_worker(brand), report_id=UUID(payload["report"]))


@handles(RUN)
def run(brand: BrandRef, payload: dict[str, Any]) -> None:
    run_rule(_worker(brand), rule_id=UUID(payload["rule"]))


@each_day
def date(brand: BrandRef) -> None:
    date_reports(_worker(brand))
    drop_papers(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "reports")
