"""Contacts of the brand's customer system: read as the brand lets them out, brought by the system's own id, one or a thousand.

A key belongs to one system (the brand says which, on the page of its systems): it reads and brings that one's contacts alone.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.urls import path

from api import door, etags, once
from api.acting import as_it_is_now
from api.bodies import body_of
from api.endpoint import answer
from api.inputs import Anything, Choice, Fault, Id, Input, ListOf, MapOf, Maybe, Moment, Shape, Text, pointer
from api.problems import Problem, invalid
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.rows import RowsEndpoint
from api.schema_parts import IF_MATCH, ONCE, answers, fields_parameter, language, sent
from clients.community.models import MemberHandle
from clients.crm.access import be_alone
from clients.crm.actions import bring_contacts, unlink_contact
from clients.crm.models import Contact, Fact, PurposeConsent, System
from clients.crm.outward import LETS_OUT, drawn_outward
from clients.crm.planning import Row
from clients.crm.queries import had, system_of_key
from clients.crm.reading import Said, read_row
from clients.crm.rules import LONGEST, Outcome, policy_of
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing
from tenants.walls.scope import brand_scope

WRITE = "contacts:write"
MOST_ROWS = 1_000
LARGEST = 4_000_000
EXTERNAL = Text(LONGEST["external"], 1)
VALUE = Anything({"type": ["string", "boolean", "array", "number", "null"], "items": {}})
SAYS = (
    Input("fields", MapOf(VALUE, 60, LONGEST["external"]),
          required=True, about="By the names that the brand has given them on the page of its systems."),
    Input("claims", Maybe(Id()), about="The id of a contact that was offered, and that this one is."),
)  # fmt: skip
ONE = Shape(SAYS)
MANY = Shape(
    (Input("rows", ListOf(Shape((Input("external_id", EXTERNAL, required=True), *SAYS)), MOST_ROWS, 1), required=True),)
)


def here(actor: Actor) -> System | None:
    """The system that the actor's key belongs to."""
    require(actor, Verb.CRM_READ)
    return system_of_key(actor.key_id)


def required_system(actor: Actor) -> System:
    """The same. Raises Missing('system')."""
    system = here(actor)
    if system is None:
        raise Missing("system")
    return system


def rows(actor: Actor) -> Rows:
    return annotated(Contact.objects.readable_by(actor).filter(system=here(actor)))


def annotated(found: Rows) -> Rows:
    """Each with what the member is called, what they agreed to, and what the system said."""
    called = MemberHandle.objects.filter(member=OuterRef("member")).order_by("network", "handle")
    consents = PurposeConsent.objects.filter(member=OuterRef("member")).order_by("purpose")
    facts = Fact.objects.filter(contact=OuterRef("pk"), info_class__in=LETS_OUT).order_by("field")
    return found.annotate(
        told_handles=ArraySubquery(called.values(told=JSONObject(network="network", handle="handle"))),
        told_consents=ArraySubquery(consents.values(told=JSONObject(purpose="purpose", state="state"))),
        told_facts=ArraySubquery(facts.values(told=JSONObject(field="field", value="value"))),
    )


def of_system(model: type[Any]) -> Callable[[Actor, Collection[UUID]], set[UUID]]:
    """Of these rows of `model` those of the actor's own system; contacts that it had once among them, by their traces."""

    def own(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        system = system_of_key(actor.key_id)
        if system is None:
            return set()
        found = set(model.objects.filter(system=system, pk__in=ids).values_list("pk", flat=True))
        return found | had(system, ids) if model is Contact else found

    return own


def owner(actor: Actor) -> UUID | None:
    """The id of the actor's own system."""
    system = system_of_key(actor.key_id)
    return system.pk if system else None


ON_MEMBER = ("member__name", "member__email", "member__phone", "member__preferred", "member__notes")
TOLD = ("system__fields", *ON_MEMBER, "told_handles", "told_consents", "told_facts")


def _unlink(actor: Actor, of: UUID | None, body: Body) -> None:
    assert of is not None
    with brand_scope(actor.brand, savepoint=False):
        require_own(Contact, actor, of, "contact")
    unlink_contact(actor, contact_id=of)


def require_own(model: type[Any], actor: Actor, of: UUID, missing: str) -> None:
    """INVARIANT: a key acts on its own system's rows alone, though its person may on all. Raises Missing(missing)."""
    if not model.objects.filter(pk=of, system=required_system(actor)).exists():
        raise Missing(missing)


def said_in(system: System, external_id: str, body: Mapping[str, Any]) -> Said:
    return read_row(policy_of(system.fields), body["fields"], external_id, str(body["claims"] or ""))


def faults_of(row: Row, at: str = "") -> list[Fault]:
    own = {"external_id": "external_id", "claims": "claims"}
    return [
        Fault(pointer(at, own[p.field]) if p.field in own else pointer(pointer(at, "fields"), p.field), p.code, p.facts)
        for p in row.said.problems
    ]


class Upsert(RowsEndpoint):
    """`PUT /contacts/external/<external_id>`: made, found or changed; 202 where a person of the brand is asked first."""

    methods = ["GET", "HEAD", "PUT"]  # noqa: RUF012
    parameters = frozenset({"fields"})

    def get(self, request: Any, external_id: str) -> HttpResponse:
        pick, contact = self.picked(request), self._known(request.actor, external_id)
        if contact is None:
            raise Missing("contact")
        row, etag = self.one_row(request, contact, pick)
        return answer(None if etags.is_known(request, etag) else row, status=200, etag=etag)

    def put(self, request: Any, external_id: str) -> HttpResponse:
        door.require_scope(request.grant, WRITE)
        faults: list[Fault] = []
        body = ONE.read(body_of(request) or {}, "", faults)
        if faults:
            raise invalid(faults)
        with once.effect(request, needed=False) as effect:
            if effect.answer is None:
                system = required_system(request.actor)
                be_alone()
                if etags.tags_in(request, "If-Match") is not None:
                    known = self._known(request.actor, external_id)
                    if known is None:
                        raise Problem(412, "state_changed")
                    etags.require_match(request, self.resource, request.actor, known, needed=False)
                (row,) = bring_contacts(request.actor, system_id=system.pk, rows=[said_in(system, external_id, body)])
                effect.keep(self._told(request, row))
        assert effect.answer is not None
        return effect.answer

    def _known(self, actor: Actor, external_id: str) -> UUID | None:
        found: UUID | None = (
            Contact.objects.filter(system=here(actor), external_id=external_id).values_list("pk", flat=True).first()
        )
        return found

    def _told(self, request: Any, row: Row) -> HttpResponse:
        if row.outcome is Outcome.INVALID:
            raise invalid(faults_of(row))
        if row.outcome is Outcome.ERASED:
            raise Problem(409, "was_erased")
        status = {Outcome.MADE: 201, Outcome.LINKED: 201, Outcome.ASKED: 202}.get(row.outcome, 200)
        told: dict[str, Any] = {"outcome": str(row.outcome), "why": str(row.why or ""), "left_out": row.said.left_out}
        etag = ""
        if row.contact is not None:
            told["contact"], etag = as_it_is_now(self, request, row.contact.pk, {"external_id": row.said.external_id})
        response = answer(told | ({} if row.contact else {"contact": None}), status=status, etag=etag)
        if status == 201 and row.contact is not None:
            response.headers["Location"] = f"/api/v1/contacts/{row.contact.pk}"
        return response


class UpsertMany(RowsEndpoint):
    """`POST /contacts/bulk/upsert` with up to a thousand rows: one transaction, and as many statements for one as for all."""

    methods = ["POST"]  # noqa: RUF012

    def post(self, request: Any) -> HttpResponse:
        door.require_scope(request.grant, WRITE)
        faults: list[Fault] = []
        body = MANY.read(body_of(request, largest=LARGEST), "", faults)
        if faults:
            raise invalid(faults)
        with once.effect(request, needed=True) as effect:
            if effect.answer is None:
                system = required_system(request.actor)
                said = [said_in(system, one["external_id"], one) for one in body["rows"]]
                found = bring_contacts(request.actor, system_id=system.pk, rows=said)
                effect.keep(answer({"results": [_result(row, place) for place, row in enumerate(found)]}))
        assert effect.answer is not None
        return effect.answer


def _result(row: Row, place: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "external_id": row.said.external_id,
        "outcome": str(row.outcome),
        "id": str(row.contact.pk) if row.contact and row.outcome is not Outcome.INVALID else None,
    }
    if row.why:
        told["why"] = str(row.why)
    if row.said.left_out:
        told["left_out"] = row.said.left_out
    if row.said.problems:
        told["errors"] = [{"pointer": f.at, "code": f.code} for f in faults_of(row, f"/rows/{place}")]
    return told


CONTACTS = Resource(
    name="contacts",
    kind="crm.contact",
    missing="contact",
    rows=rows,
    order=("-linked_at", "-id"),
    class_column="member__info_class",
    etag=(*ON_MEMBER, "external_id", "told_handles", "told_consents", "told_facts"),
    table=Contact,
    annotated=annotated,
    own=of_system(Contact),
    owner=owner,
    alone=be_alone,
    fields=(
        ID,
        Field("external_id", Text(LONGEST["external"]), always=True, about="Empty: offered, and not taken in yet."),
        Field("fields", Anything({"type": "object"}), TOLD, drawn_outward, about="What the brand lets out."),
        Field("member", Id(), ("member_id",)),
        Field("linked_at", Moment()),
    ),
    filters=(
        Filter("external_id", EXTERNAL, lambda found, value: found.filter(external_id=value)),
        Filter("offered", Choice(("yes", "no")), lambda found, value: found.filter(external_id="") if value == "yes"
               else found.exclude(external_id=""), about="Those that the system has not taken in yet.", of=("external_id",)),
    ),
    delete=Act("unlink", _unlink, WRITE, status=204, about="The member stays; they are this contact no more."),
    about="People of the community as the brand's customer system knows them, or as they are offered to it.",
)  # fmt: skip
RESOURCES = (CONTACTS,)
urlpatterns = [
    path("contacts/external/<str:external_id>", Upsert.as_view(resource=CONTACTS), name="api:contacts:external"),
    path("contacts/bulk/upsert", UpsertMany.as_view(resource=CONTACTS), name="api:contacts:bulk:upsert"),
]

_OUTCOME = {"type": "string", "enum": [str(one) for one in Outcome]}
_WHY = {"type": "string", "description": "Why a person of the brand is asked first; empty where nobody is."}
_LEFT_OUT = {"type": "array", "items": {"type": "string"}, "description": "What the brand does not let in."}
_CONTACT = {"anyOf": [{"$ref": "#/components/schemas/Contact"}, {"type": "null"}]}
_TOLD = {
    "type": "object",
    "required": ["outcome", "contact"],
    "properties": {"outcome": _OUTCOME, "why": _WHY, "left_out": _LEFT_OUT, "contact": _CONTACT},
}
_ERROR = {
    "type": "object",
    "required": ["pointer", "code"],
    "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}},
}
_RESULT = {
    "type": "object",
    "required": ["external_id", "outcome", "id"],
    "properties": {
        "external_id": {"type": "string"},
        "outcome": _OUTCOME,
        "id": {"type": ["string", "null"], "format": "uuid"},
        "why": _WHY,
        "left_out": _LEFT_OUT,
        "errors": {"type": "array", "items": _ERROR},
    },
}
_RESULTS = {
    "type": "object",
    "required": ["results"],
    "properties": {"results": {"type": "array", "items": _RESULT}},
}
AT = {
    "name": "external_id",
    "in": "path",
    "required": True,
    "schema": EXTERNAL.schema(),
    "description": "Its id there.",
}
_ETAG = {"ETag": True}
PATHS = {
    "/contacts/external/{external_id}": {
        "get": {
            "operationId": "read_contacts_external",
            "summary": "One contact, by the system's own id of it.",
            "tags": ["contacts"],
            "parameters": [AT, fields_parameter(CONTACTS), language()],
            "responses": answers(
                {200: ({"$ref": "#/components/schemas/Contact"}, "As the brand lets it out.", _ETAG)},
                (400, 401, 403, 404, 406, 429),
            ),
        },
        "put": {
            "operationId": "upsert_contacts_external",
            "summary": "Bring one contact: made, recognised or changed, by the brand's rules.",
            "tags": ["contacts"],
            "parameters": [AT, fields_parameter(CONTACTS), language(), IF_MATCH, ONCE],
            "requestBody": sent(ONE.schema()),
            "responses": answers(
                {
                    200: (_TOLD, "Changed, or the same as before.", _ETAG),
                    201: (_TOLD, "Made, or recognised as a member.", _ETAG),
                    202: (_TOLD, "A person of the brand decides first.", _ETAG),
                },
                (400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 429, 503),
            ),
        },
    },
    "/contacts/bulk/upsert": {
        "post": {
            "operationId": "upsert_contacts_bulk",
            "summary": "Bring up to a thousand contacts, each with an answer of its own.",
            "tags": ["contacts"],
            "parameters": [language(), ONCE],
            "requestBody": sent(MANY.schema()),
            "responses": answers(
                {200: (_RESULTS, "One result for each row, in order.", {})},
                (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503),
            ),
        }
    },
}
