"""What the outbox calls for sharing: release by the brand's rule. Letters are the portal's."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import handles
from clients.people.actor import process_of
from reports.making.steps import RELEASE
from reports.sharing.actions import release_due_report
from tenants.walls.scope import BrandRef


@handles(RELEASE)
def release(brand: BrandRef, payload: dict[str, Any]) -> None:
    release_due_report(process_of(brand, EntryPoint.WORKER, "reports"), report_id=UUID(payload["report"]))
