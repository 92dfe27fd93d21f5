"""What a made report says: its frozen facts, as they are attached to its file; and the file of one that is out.

Both are the edition that whoever answers for the key reads, no stricter than its policy. The file is marked as this key's copy,
signed, and a line of the ledger with its digest before it leaves, as a copy that somebody takes home from the page.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from api import door, etags, fields
from api.endpoint import answer
from api.inputs import Fault
from api.ledger import tell
from api.problems import Problem
from api.resources.figures import FACTS, policy_of_figures, told
from api.resources.reports import REPORTS
from api.rows import RowsEndpoint
from api.schema_parts import IF_NONE_MATCH, answers, id_parameter, language, secured
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import InfoClass, strictest
from reports.facts.canonical import as_bytes
from reports.making.access import access_edition, bytes_of_paper, facts_of
from reports.making.models import Edition, Report
from reports.making.rules import ReportState
from reports.sharing.access import require_out
from reports.sharing.worded import copy_for
from tenants.errors import Missing

PAPER, PDF = "paper", "application/pdf"
AS_REQUESTS = 10
"""A copy is marked and signed each time: it counts as so many requests of its key."""


class ContentEndpoint(RowsEndpoint):
    """An address below one report."""

    resource = REPORTS

    def report(self, request: Any, of: UUID, *, lock: bool = False) -> Report:
        """One that this key may know of. Missing('report') otherwise."""
        rows = self.rows(request).filter(pk=of)
        found: Report | None = (rows.select_for_update(of=("self",)) if lock else rows).first()
        if found is None:
            raise Missing("report")
        return found

    def edition(self, request: Any, report: Report) -> Edition:
        """What of it this key reads. Missing('paper') while there is nothing, Refused('not_allowed') as the page."""
        edition = access_edition(request.actor, report, InfoClass(request.grant.policy.most_class))
        if edition is None:
            raise Missing("paper")
        return edition

    def note(self, request: Any, report: Report, edition: Edition, digest: str) -> None:
        """A line of the ledger about this report, under which its page lists who saw it."""
        info_class = strictest((report.info_class, edition.info_class))
        tell(request.actor, request.grant, REPORTS.kind, info_class, [report.pk], digest)


class FactsEndpoint(ContentEndpoint):
    """The frozen facts: to the byte what is attached to the PDF, where the policy names all that facts hold."""

    def get(self, request: Any, id: UUID) -> HttpResponse:  # noqa: A002  the name in the address
        door.require_scope(request.grant, REPORTS.read_scope)
        named = frozenset(policy_of_figures(request.grant.policy).fields["reports.figure"])
        report = self.report(request, id)
        edition = self.edition(request, report)
        data = told(facts_of(edition), named)
        self.note(request, report, edition, edition.digest)
        tag = etags.etag_of(request.brand, REPORTS, report.pk, [edition.digest, str(edition.made_at), *sorted(named)])
        if etags.is_known(request, tag):
            return answer(None, status=304, etag=tag)
        return answer(as_bytes(data), etag=tag)


class PaperEndpoint(ContentEndpoint):
    """The PDF of a report that is out, with whose copy it is on each page, signed with the brand's key."""

    tells: ClassVar[frozenset[str]] = frozenset({PDF})
    costs = AS_REQUESTS

    def get(self, request: Any, id: UUID) -> HttpResponse:  # noqa: A002  the name in the address
        door.require_scope(request.grant, REPORTS.read_scope)
        _require_named(request.grant.policy)
        report = self.report(request, id)
        require_out(report)
        edition = self.edition(request, report)
        whose = f"{request.grant.name}, {request.actor.name}"
        copy = copy_for(request.brand, bytes_of_paper(edition), whose, report.language, ReportState(report.state))
        # Asked once more, locked: what was taken back while the copy was made does not leave.
        require_out(self.report(request, id, lock=True))
        self.note(request, report, edition, copy.digest)
        response = HttpResponse(copy.content, content_type=PDF)
        response["Content-Disposition"] = f'attachment; filename="{report.file_name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _require_named(policy: IntegrationPolicy | None) -> None:
    """Raises Problem(403) unless the brand named the file itself: it holds more than any field of a report."""
    fields.require_policy(REPORTS, policy)
    assert policy is not None
    if PAPER not in policy.fields[REPORTS.kind]:
        raise Problem(
            403, "field_not_allowed", faults=[Fault("fields", "field_not_allowed", {"name": PAPER})], name=PAPER
        )


urlpatterns = [
    path("reports/<uuid:id>/facts", FactsEndpoint.as_view(), name="api:reports:facts"),
    path("reports/<uuid:id>/paper", PaperEndpoint.as_view(), name="api:reports:paper"),
]
_FAULTS = (400, 401, 403, 404, 406, 409, 429, 503)
_FILE = {
    "description": "The file, marked and signed as this key's copy.",
    "headers": {
        "Content-Disposition": {"description": "What the file is called.", "schema": {"type": "string"}},
    },
    "content": {PDF: {"schema": {"type": "string", "contentMediaType": PDF, "contentEncoding": "binary"}}},
}
PATHS = {
    "/reports/{id}/facts": {
        "get": {
            "operationId": "get_reports_facts",
            "summary": "What a made report says, as data.",
            "description": "Frozen when it was made: what is attached to its PDF, to the byte for a policy that names all of "
            "`reports.figure`; of another, without what is not named. Rows that are stricter than this key reads are in no "
            "number, and counted in `withheld`. Each reading is a line of the ledger.",
            "tags": [REPORTS.name],
            "security": secured(REPORTS.read_scope),
            "parameters": [id_parameter(REPORTS), IF_NONE_MATCH, language()],
            "responses": answers(
                {200: (FACTS, "The frozen facts.", {"ETag": True}), 304: (None, "They are as you know them.", {})},
                _FAULTS,
            ),
        }
    },
    "/reports/{id}/paper": {
        "get": {
            "operationId": "get_reports_paper",
            "summary": "The PDF of a report that is out, as this key's copy.",
            "description": "On each page stands whose copy it is: the name of the key, and of whoever answers for it. Only for a "
            f"policy that names `paper` of `reports.report`. It counts as {AS_REQUESTS} requests. The digest of the bytes is in "
            "the ledger, so that `/verify` knows the file.",
            "tags": [REPORTS.name],
            "security": secured(REPORTS.read_scope),
            "parameters": [id_parameter(REPORTS), language()],
            "responses": answers({200: (None, "", {})}, _FAULTS) | {"200": _FILE},
        }
    },
}
