"""The log: its lines, its checkpoints, the proof of one line; and the ledger of what left. For the brand's heads and its auditor.

A line holds codes, ids and digests. What is personal of it stands beside it and is not told here.
"""

from uuid import UUID

from django.urls import path

from api import door, fields
from api.endpoint import answer
from api.inputs import Anything, Choice, Fault, Id, Maybe, Moment, Text, Whole
from api.ledger import tell
from api.problems import Problem
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import NUMBER, WORD, WORDS, equal, listed, since, until
from api.rows import RowsEndpoint
from api.schema_parts import answers, id_parameter, language, secured
from clients.audit.models import Checkpoint, Entry
from clients.disclosure.models import Disclosure, IntegrationPolicy
from clients.disclosure.rules import InfoClass, Way
from clients.evidence.queries import proof_of
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing

SIDE = Choice(("", "brand", "agency"))


def entries(actor: Actor) -> Rows:
    """Every line."""
    require(actor, Verb.AUDIT_READ)
    return Entry.objects.all()


def checkpoints(actor: Actor) -> Rows:
    """Every signed head."""
    require(actor, Verb.AUDIT_READ)
    return Checkpoint.objects.all()


def disclosures(actor: Actor) -> Rows:
    """The whole ledger."""
    require(actor, Verb.DISCLOSURE_READ)
    return Disclosure.objects.all()


ENTRIES = Resource(
    name="audit-entries",
    scope="audit",
    kind="audit.entry",
    missing="entry",
    rows=entries,
    order=("-at", "-id"),
    info_class=InfoClass.NAMED,
    fields=(
        ID,
        Field("seq", NUMBER),
        Field("at", Moment()),
        Field("person", Maybe(Id()), ("person_id",)),
        Field("side", SIDE),
        Field("role", WORDS),
        Field("via", WORDS),
        Field("verb", WORDS),
        Field("subject_kind", WORDS),
        Field("subject", Maybe(Id()), ("subject_id",)),
        Field("facts", Anything({"type": "object"})),
        Field("request_id", WORDS),
    ),
    filters=(
        equal("verb", WORD),
        equal("person", Id(), "person_id"),
        equal("side", SIDE),
        equal("via", WORD),
        equal("subject_kind", WORD),
        equal("subject", Id(), "subject_id"),
        since("at"),
        until("at"),
    ),
    about="Who did what, when, for which side and on which path.",
)

CHECKPOINTS = Resource(
    name="checkpoints",
    scope="audit",
    kind="audit.checkpoint",
    missing="entry",
    rows=checkpoints,
    id_column="size",
    id_type=Whole(),
    order=("-size",),
    info_class=InfoClass.NAMED,
    fields=(
        Field("size", NUMBER, always=True),
        Field("at", Moment()),
        Field("note", WORDS, about="The signed head: so many lines, this root."),
    ),
    about="Signed heads of the log, which anybody can check with the verifier.",
)

DISCLOSURES = Resource(
    name="disclosures",
    kind="disclosure.disclosure",
    missing="disclosure",
    rows=disclosures,
    order=("-at", "-id"),
    info_class=InfoClass.NAMED,
    fields=(
        ID,
        Field("at", Moment()),
        Field("way", Choice(Way)),
        Field("recipient_kind", WORDS),
        Field("recipient_id", Maybe(Id())),
        Field("recipient", Maybe(WORDS), ("words__recipient",)),
        Field("reason", Maybe(WORDS), ("words__reason",)),
        Field("object_kind", WORDS),
        Field("object_ids", listed(WORDS), about="The first of them."),
        Field("count", NUMBER),
        Field("info_class", Choice(InfoClass)),
        Field("digest", WORDS),
        Field("why", WORDS),
        Field("by_person", Maybe(Id()), ("leave_person",)),
        Field("by_policy", WORDS, ("leave_policy",)),
        Field("side", SIDE),
        Field("until", Maybe(Moment())),
        Field("ended_at", Maybe(Moment()), ("end__at",)),
    ),
    filters=(
        equal("way", Choice(Way)),
        equal("info_class", Choice(InfoClass)),
        equal("recipient_kind", Text(10)),
        since("at"),
        until("at"),
    ),
    about="What left the brand's space: to whom, what, why, by whose leave.",
)


AS_REQUESTS = 20
"""A proof is drawn over the whole log: it counts as so many requests of its key."""


def _require_whole(policy: IntegrationPolicy | None) -> None:
    """Raises Problem(403) for each field of a line that the policy does not name."""
    lacking = [one.name for one in ENTRIES.fields if one.name not in fields.allowed(ENTRIES, policy)]
    if lacking:
        faults = [Fault("fields", "field_not_allowed", {"name": name}) for name in lacking]
        raise Problem(403, "field_not_allowed", faults=faults)


class ProofEndpoint(RowsEndpoint):
    """That one line stands under the newest checkpoint, for anybody: what the verifier takes."""

    resource = ENTRIES
    costs = AS_REQUESTS

    def get(self, request: RowsEndpoint, id: UUID) -> object:  # noqa: A002  the name in the address
        """With the leave of the brand's policy for every field of a line: a proof has the whole of it. Into the ledger."""
        door.require_scope(request.grant, ENTRIES.read_scope)
        fields.require_policy(ENTRIES, request.grant.policy)
        _require_whole(request.grant.policy)
        rows = fields.within_class(ENTRIES, entries(request.actor), request.grant.policy)
        if not rows.filter(pk=id).exists():
            raise Missing("entry")
        found = proof_of(id)
        tell(request.actor, request.grant, ENTRIES.kind, ENTRIES.info_class, [id])
        return answer(found)


RESOURCES = (ENTRIES, CHECKPOINTS, DISCLOSURES)
urlpatterns = [path("audit-entries/<uuid:id>/proof", ProofEndpoint.as_view(), name="api:audit-entries:proof")]
PROOF = {
    "type": "object",
    "description": "What the verifier takes: the line, its place, the path to the root, the signed head, the brand's policy.",
    "required": ["format", "line", "index", "path", "checkpoint", "policy"],
    "properties": {
        **{name: {"type": "string"} for name in ("format", "line", "checkpoint", "policy")},
        "index": {"type": "integer"},
        "path": {"type": "array", "items": {"type": "string"}},
    },
}
PATHS = {
    "/audit-entries/{id}/proof": {
        "get": {
            "operationId": "get_audit_entries_proof",
            "summary": "That this line stands under the newest checkpoint, for anybody.",
            "tags": ["audit-entries"],
            "security": secured(ENTRIES.read_scope),
            "parameters": [id_parameter(ENTRIES), language()],
            "responses": answers({200: (PROOF, "The proof.", {})}, (400, 401, 403, 404, 406, 409, 429, 503)),
        }
    }
}
