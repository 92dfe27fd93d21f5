"""What a brand asks of whoever comes in: nobody, those whose word lets things out, or everybody needs a second factor."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.actions import enqueue
from clients.people.access import require, require_process, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.hosts import forget
from tenants.models import Brand, BrandPerson
from tenants.vocabulary import Role, SecondFactor
from tenants.walls.scope import durable, hub_scope

FACTOR_LETTER = "people.factor_taken"
"""Kind of the outbox row of the letter to one owner; payload {"line": "<id>", "to": "<person>"}."""


def ask_second_factor(*, actor: Actor, of: str) -> None:
    """Set the brand's rule. It holds within half a minute, in whatever session somebody is.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid('unknown_second_factor', 'of').
    """
    require(actor, Verb.PEOPLE_SECURE)
    require_step_up(actor, timezone.now())
    if of not in set(SecondFactor):
        raise Invalid("unknown_second_factor", "of")
    with durable(actor.brand):
        with hub_scope():
            before = Brand.objects.select_for_update(no_key=True).only("second_factor").get(pk=actor.brand.id)
            Brand.objects.filter(pk=actor.brand.id).update(second_factor=of)
        record(actor, "second_factor_asked", None, of=of, before=before.second_factor)
    forget()


def tell_factor_taken(*, actor: Actor, person_id: UUID, because: str) -> None:
    """A line in the brand's log, and a letter to each of its owners: an operator has taken somebody's lost second factor away.

    For a command; the person is told by it.

    Raises Refused('not_allowed').
    """
    require_process(actor, EntryPoint.COMMAND)
    with durable(actor.brand):
        line = record(actor, "second_factor_taken", None, person=str(person_id), private={"because": because})
        owners = BrandPerson.objects.filter(live=True, role=Role.BRAND_OWNER).exclude(person_id=person_id)
        for owner in owners.values_list("person_id", flat=True):
            enqueue(FACTOR_LETTER, {"line": str(line.pk), "to": str(owner)}, key=f"{line.pk}:{owner}")
