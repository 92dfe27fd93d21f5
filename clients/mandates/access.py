"""The only doors to one mandate and one charter version: refused equals absent. An agency sees its own mandates only."""

from uuid import UUID

from django.db.models import QuerySet

from clients.mandates.models import CharterVersion, Mandate
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing


def access_mandate(actor: Actor, mandate_id: UUID, *, lock: bool = False) -> Mandate:
    """The mandate, with `lock` held against every other change of it or its charters. Missing('mandate')."""
    require(actor, Verb.ITEM_READ)
    mandates = Mandate.objects.select_for_update() if lock else Mandate.objects.all()
    mandate = mandates.filter(pk=mandate_id).first()
    if mandate is None or not _may_see(actor, mandate):
        raise Missing("mandate")
    return mandate


def access_charter(actor: Actor, charter_id: UUID, *, lock: bool = False) -> CharterVersion:
    """One version. With `lock` its mandate is locked, then the version read: what it says is what holds. Missing('charter')."""
    require(actor, Verb.ITEM_READ)
    version = _version(charter_id)
    if version is None or not _may_see(actor, version.mandate):
        raise Missing("charter")
    if not lock:
        return version
    access_mandate(actor, version.mandate_id, lock=True)
    locked = _version(charter_id)
    assert locked is not None  # versions are never deleted
    return locked


def mandates_open_to(actor: Actor) -> QuerySet[Mandate]:
    """Every mandate that `actor` may see: the same answer as `access_mandate` gives for each."""
    require(actor, Verb.ITEM_READ)
    if actor.is_brand:
        return Mandate.objects.all()
    return Mandate.objects.filter(agency_id=actor.agency_id) if actor.agency_id else Mandate.objects.none()


def charters_open_to(actor: Actor) -> QuerySet[CharterVersion]:
    """Every version of their charters, proposals included."""
    return CharterVersion.objects.filter(mandate__in=mandates_open_to(actor).order_by().values("pk"))


def _version(charter_id: UUID) -> CharterVersion | None:
    return CharterVersion.objects.select_related("mandate").filter(pk=charter_id).first()


def _may_see(actor: Actor, mandate: Mandate) -> bool:
    return actor.is_brand or (actor.is_agency and actor.agency_id == mandate.agency_id)
