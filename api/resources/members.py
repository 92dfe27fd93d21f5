"""Members of the community as the brand keeps them. Erasing one, and keeping one from it, is for the owner on the page."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from api.inputs import Anything, Choice, Flag, Input, ListOf, Maybe, Moment, Shape, Text
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.resources.filtering import WORDS, equal, listed, since, until
from clients.community.actions import add_member, change_member
from clients.community.models import Erasure, Member, MemberHandle
from clients.community.rules import LONGEST, MOST_HANDLES, PREFERRED, About, Consent
from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb

WRITE = "members:write"
HANDLE = (
    Input("network", Text(LONGEST["network"], 1), required=True),
    Input("handle", Text(LONGEST["handle"], 1), required=True),
)
ABOUT = (
    Input("name", Text(LONGEST["name"], 1), required=True),
    Input("email", Text(LONGEST["email"]), default=""),
    Input("phone", Text(LONGEST["phone"]), default=""),
    Input("preferred", Choice(PREFERRED), default="", about="How they like to be reached."),
    Input("consent", Choice(Consent), default=str(Consent.NONE)),
    Input("notes", Text(LONGEST["notes"]), default=""),
    Input("also", ListOf(Text(LONGEST["name"]), MOST_HANDLES), default=(), about="Other spellings of their name."),
    Input("handles", ListOf(Shape(HANDLE), MOST_HANDLES), default=()),
)
"""All that one writes about a member: what is left out is empty afterwards."""
CLASS = Input(
    "info_class", Maybe(Choice(InfoClass)), about="Who may read it; that of the key's side if you do not say."
)


def rows(actor: Actor) -> Rows:
    """Those that the actor may read and who are not being erased, each with their handles in the same query."""
    require(actor, Verb.MEMBER_READ)
    return annotated(Member.objects.readable_by(actor))


def annotated(found: Rows) -> Rows:
    """Who is not being erased, with their handles."""
    closing = Erasure.objects.filter(certificate={}).values("member_id")
    called = MemberHandle.objects.filter(member=OuterRef("pk")).order_by("network", "handle")
    told = ArraySubquery(called.values(told=JSONObject(network="network", handle="handle")))
    return found.exclude(pk__in=closing).annotate(told_handles=told)


def _about(body: Body) -> About:
    plain = {name: body[name] for name in ("name", "email", "phone", "preferred", "notes")}
    called = tuple((one["network"], one["handle"]) for one in body["handles"])
    return About(**plain, consent=Consent(body["consent"]), also=tuple(body["also"]), handles=called)


def _add(actor: Actor, of: UUID | None, body: Body) -> Member:
    info_class = InfoClass(body["info_class"]) if body["info_class"] else None
    return add_member(actor, about=_about(body), info_class=info_class)


def _change(actor: Actor, of: UUID | None, body: Body) -> Member:
    assert of is not None
    return change_member(actor, member_id=of, about=_about(body))


def _called(rows: Rows, handle: Any) -> Rows:
    plain = handle.strip().removeprefix("@")
    called = Q(handle__iexact=plain) | Q(handle__iexact=f"@{plain}")
    return rows.filter(pk__in=MemberHandle.objects.filter(called).values("member"))


def _held(because: str) -> bool:
    return because != ""


HANDLES = Anything(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["network", "handle"],
            "properties": {"network": {"type": "string"}, "handle": {"type": "string"}},
        },
    }
)
RESOURCES = (
    Resource(
        name="members",
        kind="community.member",
        missing="member",
        rows=rows,
        order=("-created_at", "-id"),
        class_column="info_class",
        etag=(
            "name",
            "email",
            "phone",
            "preferred",
            "consent",
            "consent_at",
            "naming_consent",
            "naming_at",
            "naming_by_name",
            "naming_how",
            "notes",
            "also",
            "held_because",
            "told_handles",
        ),
        table=Member,
        annotated=annotated,
        fields=(
            ID,
            Field("name", WORDS),
            Field("email", WORDS),
            Field("phone", WORDS),
            Field("preferred", Choice(PREFERRED)),
            Field("consent", Choice(Consent)),
            Field("consent_at", Maybe(Moment())),
            Field(
                "naming_consent",
                Choice(Consent),
                about="Whether reports may name them; noted by people, on their page.",
            ),
            Field("naming_at", Maybe(Moment())),
            Field("naming_by", WORDS, ("naming_by_name",), about="Who noted it."),
            Field("naming_how", WORDS, about="How the member said so."),
            Field("notes", WORDS),
            Field("also", listed(WORDS)),
            Field("handles", HANDLES, ("told_handles",)),
            Field("held", Flag(), ("held_because",), _held, about="Their data must be kept for now."),
            Field("created_at", Moment()),
            Field("info_class", Choice(InfoClass)),
        ),
        filters=(
            equal("email", Text(LONGEST["email"]), "email__iexact"),
            Filter("handle", Text(LONGEST["handle"]), _called, "Whoever is called so on a network.", of=("handles",)),
            equal("consent", Choice(Consent)),
            since("created_at"),
            until("created_at"),
        ),
        create=Act("create", _add, WRITE, (*ABOUT, CLASS), status=201, once=True, bulk=True),
        replace=Act("replace", _change, WRITE, ABOUT, matched=True),
        about="People of the community, what networks call them, and whether they agree to be written to and to be named.",
    ),
)
