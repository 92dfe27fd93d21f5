"""A yes counts because somebody of the brand said it, not because a row says so."""

from django.utils import timezone

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.models import StandingApproval, Verdict
from clients.approvals.rules import Template
from clients.gate.actions import approve_item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World


def forge_yes(world: World, item_id: object, digest: str, **values: object) -> None:
    """What somebody with SQL in the brand's schema could write."""
    with brand_scope(world.brand):
        Verdict.objects.create(
            item_id=item_id, digest=digest, kind="yes", person_id=world.people[Role.APPROVER].pk, person_name="x",
            side="brand", role="approver", **values,
        )  # fmt: skip


def test_a_yes_row_that_nobody_said_counts_for_nothing(world: World) -> None:
    said, forged = world.submitted("Dit."), world.submitted("Écrit.")
    assert said.version is not None
    assert forged.version is not None
    approve_item(world.approver, item_id=said.pk, seen_digest=said.version.digest)
    with brand_scope(world.brand):
        stolen = Verdict.objects.get(item_id=said.pk).seal
    forge_yes(world, forged.pk, forged.version.digest, seal=stolen)
    from clients.gate.steps import reask
    from clients.items.steps import lock_item
    from tenants.walls.scope import durable

    with durable(world.brand):
        reask(world.cm, lock_item(forged.pk))
    world.run_outbox()
    assert (world.state_of(said), world.state_of(forged)) == ("sent", "waiting")


def test_a_standing_approval_changed_after_its_signature_counts_for_nothing(world: World) -> None:
    world.charter(3)
    row = propose_standing(world.cm, title="Pain", template=Template("", "publish", "routine", (), "Pain : {pain}."))
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)
    assert world.state_of(world.submitted("Pain : seigle.")) == "cleared"
    with brand_scope(world.brand):
        StandingApproval.objects.filter(pk=row.pk).update(template="Tout : {tout}.")
    assert world.state_of(world.submitted("Tout : permis.")) == "waiting"


def test_a_standing_approval_that_nobody_signed_counts_for_nothing(world: World) -> None:
    world.charter(3)
    row = propose_standing(world.cm, title="Pain", template=Template("", "publish", "routine", (), "Pain : {pain}."))
    with brand_scope(world.brand):
        StandingApproval.objects.filter(pk=row.pk).update(
            state="signed", signed_by=world.people[Role.APPROVER].pk, signed_at=timezone.now()
        )
    assert world.state_of(world.submitted("Pain : seigle.")) == "waiting"
