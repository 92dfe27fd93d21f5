"""What the outbox calls: the end that nobody had to press, and role and views taken away. The portal mails the letters."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.actions import lapse_glass
from clients.breakglass.models import Opening
from clients.breakglass.steps import LAPSE, SHUT
from clients.outbox.registry import Later, handles
from clients.people.actor import process_of
from tenants import glass
from tenants.walls.scope import BrandRef, brand_scope


@handles(LAPSE)
def lapse(brand: BrandRef, payload: dict[str, Any]) -> None:
    opening_id = UUID(payload["opening"])
    with brand_scope(brand):
        until = Opening.objects.values_list("until", flat=True).get(pk=opening_id)
    if timezone.now() < until:
        raise Later(until)
    lapse_glass(process_of(brand, EntryPoint.WORKER, "worker"), opening_id=opening_id)


@handles(SHUT)
def shut(brand: BrandRef, payload: dict[str, Any]) -> None:
    glass.shut(UUID(payload["opening"]))
