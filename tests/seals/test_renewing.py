"""A new SECRET_KEY without a pause: seals made anew beside the rows, and none for what nobody of the brand said."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.models import StandingApproval, Verdict
from clients.approvals.queries import standing_in_force
from clients.approvals.rules import Template
from clients.approvals.seal import STANDING, VERDICTS
from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions import approve_item
from clients.mandates import queries as mandates
from clients.mandates.models import CharterSignature
from clients.mandates.queries import charter_in_force
from clients.mandates.seal import SIGNATURES
from clients.people.actor import process_of
from clients.seals import actions
from clients.seals.actions import renew_seals
from clients.seals.kinds import sealed_kinds
from clients.seals.management.commands import renew_seals as command
from clients.seals.models import RenewedSeal
from tenants.brandref import BrandRef
from tenants.errors import Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.conftest import make_person
from tests.world import World, make_world

NEW = "neu" * 20


def said_yes(world: World, times: int = 1) -> None:
    """So many items with a yes; each is cleared and waits for the outbox."""
    for number in range(times):
        item = world.submitted(f"Dit {number}.")
        assert item.version is not None
        approve_item(world.approver, item_id=item.pk, seen_digest=item.version.digest)


def signed_in_advance(world: World) -> StandingApproval:
    row = propose_standing(world.cm, title="Pain", template=Template("", "publish", "routine", (), "Pain : {pain}."))
    return sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)


def forged_yes(brand: BrandRef, **values: Any) -> Verdict:
    """What somebody with SQL in the brand's schema could write."""
    with brand_scope(brand):
        like = Verdict.objects.filter(kind="yes").first()
        assert like is not None
        facts = {n: getattr(like, n) for n in ("item_id", "kind", "person_id", "person_name", "side", "role", "seal")}
        return Verdict.objects.create(**facts | {"digest": "f" * 64} | values)


def change_key(settings: Any, *, keep: bool) -> None:
    former = settings.SECRET_KEY if settings.SECRET_KEY != NEW else settings.SECRET_KEY_FALLBACKS[0]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [former] if keep else []
    mandates.forget()


def counting(world: World) -> tuple[bool, int, int]:
    """(whether the charter holds, verdicts that count, standing approvals that count)."""
    with brand_scope(world.brand):
        try:
            holds = charter_in_force() is not None
        except Refused:
            holds = False
        today = world.mandate.starts_on
        return holds, len(VERDICTS.genuine(Verdict.objects.all())), len(standing_in_force("publish", today))


def by_command(world: World) -> Any:
    return process_of(world.brand, EntryPoint.COMMAND, "renew_seals")


def test_after_it_the_former_key_can_go(world: World, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    said_yes(world, 3)
    signed_in_advance(world)
    whole = counting(world)
    assert whole == (True, 3, 1)
    change_key(settings, keep=True)
    call_command("renew_seals")
    assert "renewed" in capsys.readouterr().out
    change_key(settings, keep=False)
    assert counting(world) == whole
    world.run_outbox()
    assert len(world.on_the_wall()) == 3


def test_without_it_nothing_counts(world: World, settings: Any) -> None:
    said_yes(world)
    signed_in_advance(world)
    change_key(settings, keep=False)
    assert counting(world) == (False, 0, 0)


def test_it_may_be_run_again_and_while_others_go_on(world: World, settings: Any, capsys: Any) -> None:
    said_yes(world)
    change_key(settings, keep=True)
    call_command("renew_seals")
    said_yes(world)  # under the new key already: nothing to renew
    with brand_scope(world.brand):
        before = RenewedSeal.objects.count(), Entry.objects.count()
    capsys.readouterr()
    call_command("renew_seals")
    assert capsys.readouterr().out.startswith("0 seals renewed")
    with brand_scope(world.brand):
        assert (RenewedSeal.objects.count(), Entry.objects.count()) == before


def test_a_row_that_nobody_said_is_refused_and_named_and_the_others_go_on(world: World, settings: Any) -> None:
    said_yes(world, 2)
    forged = forged_yes(world.brand)
    change_key(settings, keep=True)
    with pytest.raises(CommandError, match=f"{world.brand.slug}: approvals.verdict {forged.pk}"):
        call_command("renew_seals")
    change_key(settings, keep=False)
    assert counting(world)[:2] == (True, 2)
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="seals.renewed", facts__kind="approvals.verdict")
        assert (line.facts["rows"], line.facts["refused"]) == (2, [str(forged.pk)])


def test_every_kind_refuses_what_was_changed_since(world: World, settings: Any) -> None:
    said_yes(world)
    row = signed_in_advance(world)
    with brand_scope(world.brand):
        StandingApproval.objects.filter(pk=row.pk).update(signed_by=world.people[Role.BRAND_OWNER].pk)
    change_key(settings, keep=True)
    assert renew_seals(by_command(world), sealed=STANDING).refused == (row.pk,)
    assert renew_seals(by_command(world), sealed=VERDICTS).refused == ()
    assert renew_seals(by_command(world), sealed=SIGNATURES).refused == ()
    with brand_scope(world.brand):
        assert set(RenewedSeal.objects.values_list("row_kind", flat=True)) == {SIGNATURES.kind, VERDICTS.kind}


def test_a_stolen_key_makes_no_yes_that_outlives_it(real_brands: tuple[BrandRef, BrandRef], settings: Any) -> None:
    """Its seal fits; but no act of the log added the row, as the database itself noted."""
    world = make_world(real_brands[0], make_person)
    said_yes(world)
    with durable(world.brand):
        forged = forged_yes_with_key(world)
    assert counting(world)[1] == 2, "as long as the stolen key is known here it counts"
    change_key(settings, keep=True)
    with pytest.raises(CommandError, match=str(forged)):
        call_command("renew_seals")
    change_key(settings, keep=False)
    assert counting(world)[:2] == (True, 1)


def forged_yes_with_key(world: World) -> UUID:
    like = Verdict.objects.filter(kind="yes").first()
    assert like is not None
    forged = Verdict(item_id=like.item_id, digest="e" * 64, kind="yes", person_id=like.person_id, person_name="x",
                     side="brand", role="approver")  # fmt: skip
    forged.seal = VERDICTS.seal_of(forged)
    forged.save(force_insert=True)
    return forged.pk


def test_stopped_in_the_middle_it_goes_on_where_it_was(
    real_brands: tuple[BrandRef, BrandRef], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the second stretch, its seals written and its line not: the first is kept, the second never was."""
    world = make_world(real_brands[0], make_person)
    said_yes(world, 5)
    change_key(settings, keep=True)
    lines = list[str]()

    def killed_at_the_second(*told: Any, **facts: Any) -> Any:
        lines.append(facts["kind"])
        if len(lines) == 2:
            assert RenewedSeal.objects.count() == 4
            raise KeyboardInterrupt
        return record(*told, **facts)

    monkeypatch.setattr(actions, "A_STRETCH", 2)
    monkeypatch.setattr(command, "sealed_kinds", lambda: (VERDICTS,))
    with monkeypatch.context() as until_then:
        until_then.setattr(actions, "record", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            call_command("renew_seals")
    with brand_scope(world.brand):
        assert RenewedSeal.objects.count() == 2
    assert counting(world)[1] == 5, "nobody waits meanwhile: either seal counts"
    call_command("renew_seals")
    change_key(settings, keep=False)
    with brand_scope(world.brand):
        assert RenewedSeal.objects.count() == 5 == len(VERDICTS.genuine(Verdict.objects.all()))


def test_a_stretch_whose_line_fails_leaves_no_seal(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_yes(world)
    change_key(settings, keep=True)

    def no_line(*_args: Any, **_facts: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(actions, "record", no_line)
    with pytest.raises(DatabaseError):
        renew_seals(by_command(world), sealed=VERDICTS)
    with brand_scope(world.brand):
        assert not RenewedSeal.objects.exists()


def test_a_renewal_that_somebody_made_up_vouches_for_nothing_and_takes_no_place(world: World, settings: Any) -> None:
    said_yes(world)
    forged = forged_yes(world.brand)
    change_key(settings, keep=True)
    with brand_scope(world.brand):
        for row in Verdict.objects.all():
            RenewedSeal.objects.create(
                row_kind=VERDICTS.kind, row_id=row.pk, was="", seal="x" * 43, key_id=actions.key_id(NEW)
            )
    assert renew_seals(by_command(world), sealed=VERDICTS).refused == (forged.pk,)
    change_key(settings, keep=False)
    assert counting(world)[1] == 1


def test_the_seal_of_one_row_or_of_one_kind_is_none_of_another(world: World) -> None:
    said_yes(world, 2)
    with brand_scope(world.brand):
        one, other = Verdict.objects.order_by("pk")
        assert VERDICTS.fits(one, one.seal) and not VERDICTS.fits(one, other.seal)
        signature = CharterSignature.objects.all()[:1].get()
        assert not SIGNATURES.fits(signature, one.seal)


def test_only_the_command_renews(world: World) -> None:
    for actor in (world.owner, world.cm, process_of(world.brand, EntryPoint.WORKER, "worker")):
        with pytest.raises(Refused, match="not_allowed"):
            renew_seals(actor, sealed=VERDICTS)
    assert renew_seals(by_command(world), sealed=VERDICTS).done == 0


def test_what_is_renewed_is_never_changed(world: World, settings: Any) -> None:
    said_yes(world)
    change_key(settings, keep=True)
    renew_seals(by_command(world), sealed=VERDICTS)
    with brand_scope(world.brand):
        for spoil in (lambda rows: rows.update(seal="x"), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                spoil(RenewedSeal.objects.all())


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_them_is_one_query_more_however_many(
    world: World, settings: Any, rows: int, django_assert_num_queries: Any
) -> None:
    said_yes(world, rows)
    change_key(settings, keep=True)
    renew_seals(by_command(world), sealed=VERDICTS)
    with brand_scope(world.brand):
        with django_assert_num_queries(1):
            assert len(VERDICTS.genuine(Verdict.objects.all())) == rows
        settings.SECRET_KEY_FALLBACKS = []
        with django_assert_num_queries(2):
            assert len(VERDICTS.genuine(Verdict.objects.all())) == rows


def test_another_brands_seals_stay_its_own(world: World, brand_b: BrandRef, settings: Any) -> None:
    said_yes(world)
    change_key(settings, keep=True)
    call_command("renew_seals")
    with brand_scope(brand_b):
        assert not RenewedSeal.objects.exists() and not Entry.objects.filter(verb="seals.renewed").exists()


def test_every_column_that_holds_a_seal_is_renewed() -> None:
    """A feature that seals its rows names the kind in its `seal` module; a column that is forgotten would die with its key."""
    columns = {m for m in apps.get_models() if any(f.name == "seal" for f in m._meta.concrete_fields)}
    assert columns - {RenewedSeal} == {sealed.model for sealed in sealed_kinds()}
    assert len({sealed.salt for sealed in sealed_kinds()}) == len(sealed_kinds())
