"""Firms and clubs as the brand's customer system knows them: brought by its own id, read again by the same system."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import path

from api import door, once
from api.acting import as_it_is_now
from api.bodies import body_of
from api.endpoint import answer
from api.inputs import Fault, Input, ListOf, Moment, Shape, Text, pointer
from api.problems import invalid
from api.resource import ID, Field, Filter, Resource, Rows
from api.resources.contacts import AT, EXTERNAL, LARGEST, MOST_ROWS, WRITE, here, of_system, owner, required_system
from api.rows import RowsEndpoint
from api.schema_parts import ONCE, answers, language, sent
from clients.crm.actions import bring_organisations
from clients.crm.actions.organisations import Brought, SaidOrganisation
from clients.crm.models import Organisation
from clients.crm.rules import LONGEST, Outcome
from clients.people.actor import Actor

SAYS = (
    Input("name", Text(LONGEST["name"], 1), required=True),
    Input("website", Text(LONGEST["website"]), default=""),
)
ONE = Shape(SAYS)
MANY = Shape(
    (Input("rows", ListOf(Shape((Input("external_id", EXTERNAL, required=True), *SAYS)), MOST_ROWS, 1), required=True),)
)


def rows(actor: Actor) -> Rows:
    return Organisation.objects.readable_by(actor).filter(system=here(actor))


class Upsert(RowsEndpoint):
    """`PUT /organisations/external/<external_id>`."""

    methods = ["PUT"]  # noqa: RUF012
    parameters = frozenset({"fields"})

    def put(self, request: Any, external_id: str) -> HttpResponse:
        door.require_scope(request.grant, WRITE)
        body = _read(ONE, body_of(request))
        with once.effect(request, needed=False) as effect:
            if effect.answer is None:
                system = required_system(request.actor)
                said = SaidOrganisation(external_id, body["name"], body["website"])
                (one,) = bring_organisations(request.actor, system_id=system.pk, rows=[said])
                if one.organisation is None:
                    raise invalid([Fault(pointer("", one.field), one.code, {"most": 0})])
                own = {"external_id": one.organisation.external_id, "name": said.name, "website": said.website}
                row, etag = as_it_is_now(self, request, one.organisation.pk, own)
                effect.keep(answer(row, status=201 if one.outcome is Outcome.MADE else 200, etag=etag))
        assert effect.answer is not None
        return effect.answer


class UpsertMany(RowsEndpoint):
    """`POST /organisations/bulk/upsert`."""

    methods = ["POST"]  # noqa: RUF012

    def post(self, request: Any) -> HttpResponse:
        door.require_scope(request.grant, WRITE)
        body = _read(MANY, body_of(request, largest=LARGEST))
        with once.effect(request, needed=True) as effect:
            if effect.answer is None:
                system = required_system(request.actor)
                said = [SaidOrganisation(**one) for one in body["rows"]]
                with transaction.atomic():
                    found = bring_organisations(request.actor, system_id=system.pk, rows=said)
                effect.keep(answer({"results": [_result(one) for one in found]}))
        assert effect.answer is not None
        return effect.answer


def _read(shape: Shape, value: Any) -> dict[str, Any]:
    faults: list[Fault] = []
    body = shape.read({} if value is None else value, "", faults)
    if faults:
        raise invalid(faults)
    return body


def _result(one: Brought) -> dict[str, Any]:
    told = {
        "external_id": one.external_id,
        "outcome": str(one.outcome),
        "id": str(one.organisation.pk) if one.organisation else None,
    }
    return told | ({"code": one.code, "field": one.field} if one.code else {})


ORGANISATIONS = Resource(
    name="organisations",
    kind="crm.organisation",
    scope="contacts",
    missing="organisation",
    rows=rows,
    own=of_system(Organisation),
    owner=owner,
    class_column="info_class",
    etag=("name", "website", "external_id"),
    table=Organisation,
    fields=(
        ID,
        Field("external_id", EXTERNAL, always=True),
        Field("name", Text(LONGEST["name"])),
        Field("website", Text(LONGEST["website"])),
        Field("created_at", Moment()),
    ),
    filters=(Filter("external_id", EXTERNAL, lambda found, value: found.filter(external_id=value)),),
    about="Firms and clubs as the brand's customer system knows them.",
)
RESOURCES = (ORGANISATIONS,)
urlpatterns = [
    path(
        "organisations/external/<str:external_id>",
        Upsert.as_view(resource=ORGANISATIONS),
        name="api:organisations:external",
    ),
    path("organisations/bulk/upsert", UpsertMany.as_view(resource=ORGANISATIONS), name="api:organisations:bulk:upsert"),
]
_ROW = {"$ref": "#/components/schemas/Organisation"}
_RESULT = {
    "type": "object",
    "required": ["external_id", "outcome", "id"],
    "properties": {
        "external_id": {"type": "string"},
        "outcome": {"type": "string", "enum": [str(one) for one in Outcome]},
        "id": {"type": ["string", "null"], "format": "uuid"},
        "code": {"type": "string"},
        "field": {"type": "string"},
    },
}
PATHS = {
    "/organisations/external/{external_id}": {
        "put": {
            "operationId": "upsert_organisations_external",
            "summary": "Bring one organisation by the system's own id of it.",
            "tags": ["organisations"],
            "parameters": [AT, language(), ONCE],
            "requestBody": sent(ONE.schema()),
            "responses": answers(
                {200: (_ROW, "Changed, or the same as before.", {"ETag": True}), 201: (_ROW, "Made.", {"ETag": True})},
                (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503),
            ),
        }
    },
    "/organisations/bulk/upsert": {
        "post": {
            "operationId": "upsert_organisations_bulk",
            "summary": "Bring up to a thousand organisations, each with an answer of its own.",
            "tags": ["organisations"],
            "parameters": [language(), ONCE],
            "requestBody": sent(MANY.schema()),
            "responses": answers(
                {
                    200: (
                        {
                            "type": "object",
                            "required": ["results"],
                            "properties": {"results": {"type": "array", "items": _RESULT}},
                        },
                        "One result for each row, in order.",
                        {},
                    )
                },
                (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503),
            ),
        }
    },
}
