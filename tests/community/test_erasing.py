"""Erasing one member: nothing of them is left anywhere, nothing of anybody else is touched, and the certificate is true."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from clients.audit.erasing.steps import held, tables_that_hold
from clients.audit.erasing.values import GONE, Sought
from clients.audit.models import Entry, Private
from clients.autonomy.vocabulary import EntryPoint
from clients.community import steps as community_steps
from clients.community.access import access_member
from clients.community.actions import (
    add_member,
    begin_erasure,
    change_member,
    classify_member,
    date_erasures,
    erase_member,
    erasing,
    finish_erasure,
    hold_member,
    release_member,
    tell_member,
)
from clients.community.actions.erasing import FINISH
from clients.community.models import Erasure, Member
from clients.community.queries import preview_of, sought_of, values_of
from clients.community.rules import About
from clients.disclosure.actions import make_link, open_link
from clients.disclosure.models import DisclosureEnd, ShareLink
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.items.models import ItemVersion
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants.errors import Conflict, Missing, Refused
from tenants.keeping.erased import BEGIN
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.community.canaries import scatter
from tests.world import World


def search(world: World, sought: Sought) -> dict[str, int]:
    with brand_scope(world.brand):
        return tables_that_hold(sought)[2]


def sought(world: World, member: Member) -> Sought:
    with brand_scope(world.brand):
        return sought_of(Member.objects.get(pk=member.pk))[0]


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def work(world: World, kind: str, erasure: Erasure) -> Erasure:
    """What the outbox does of this kind; the erasure as it is then."""
    with brand_scope(world.brand):
        row = OutboxRow.objects.get(kind=kind, key=str(erasure.pk))
    perform(world.brand, row.pk)
    with brand_scope(world.brand):
        return Erasure.objects.get(pk=erasure.pk)


def erase(world: World, member: Member, basis: str = "request") -> Erasure:
    """Asked for by the owner, and begun by a worker."""
    return work(world, BEGIN, erase_member(world.owner, member_id=member.pk, basis=basis))


def finish(world: World, erasure: Erasure) -> Erasure:
    return work(world, FINISH, erasure)


def test_from_the_asking_on_nobody_reads_or_changes_them(world: World) -> None:
    """The words are still there, since nothing has run; every door to them is closed, and says why."""
    lea = scatter(world, "lea")
    known = sought(world, lea)
    asked = erase_member(world.owner, member_id=lea.pk, basis="request")
    assert search(world, known) and not asked.is_begun
    for act in (
        lambda: erase_member(world.owner, member_id=lea.pk, basis="law"),
        lambda: hold_member(world.owner, member_id=lea.pk, because="Litige"),
        lambda: release_member(world.owner, member_id=lea.pk),
        lambda: change_member(world.owner, member_id=lea.pk, about=About("Autre")),
        lambda: classify_member(world.owner, member_id=lea.pk, info_class=InfoClass.SHARED, reason="x"),
        lambda: tell_member(world.owner, member_id=lea.pk),
    ):
        with pytest.raises(Conflict, match="being_erased"):
            act()
    with brand_scope(world.brand), pytest.raises(Conflict, match="being_erased"):
        access_member(world.owner, lea.pk)
    with brand_scope(world.brand):
        (line,) = Entry.objects.filter(verb="erasure.asked")
        assert (line.person_id, line.facts["member"]) == (world.people[Role.BRAND_OWNER].pk, str(lea.pk))
        assert not known.found_in(str(line.facts)) and not Entry.objects.filter(verb="log.erased").exists()
    assert work(world, BEGIN, asked).is_begun and search(world, known) == {}
    with pytest.raises(Missing):
        tell_member(world.owner, member_id=lea.pk)


@pytest.mark.parametrize("dies_in", ["take_out", "close_links", "seal"])
def test_a_worker_that_dies_leaves_all_or_nothing(world: World, monkeypatch: pytest.MonkeyPatch, dies_in: str) -> None:
    lea = scatter(world, "lea")
    known = sought(world, lea)
    holding = search(world, known)
    asked = erase_member(world.owner, member_id=lea.pk, basis="request")

    def dies(*args: object, **more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(erasing if dies_in == "seal" else community_steps, dies_in, dies)
        assert not work(world, BEGIN, asked).is_begun
    assert search(world, known) == holding
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb="log.erased").exists()
        OutboxRow.objects.filter(kind=BEGIN).update(due_at=asked.at)
    assert finish(world, work(world, BEGIN, asked)).certificate["found"] == 0


def test_an_erasure_that_was_given_up_is_taken_up_again(world: World) -> None:
    lea, tom = (add_member(world.owner, about=About(f"{name} Zorglub")) for name in ("Léa", "Tom"))
    asked, begun = erase_member(world.owner, member_id=lea.pk, basis="request"), erase(world, tom)
    worker = process_of(world.brand, EntryPoint.WORKER, "community")
    with pytest.raises(Refused, match="not_allowed"):
        date_erasures(world.owner)
    assert date_erasures(worker) == 0, "what waits is left to wait"
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind__in=(BEGIN, FINISH)).update(done_at=asked.at)
    assert date_erasures(worker) == 2
    world.run_outbox(BEGIN, FINISH)
    with brand_scope(world.brand):
        assert set(Erasure.objects.exclude(finished_at=None).values_list("pk", flat=True)) == {asked.pk, begun.pk}
    assert date_erasures(worker) == 0


def test_begun_once_and_by_a_worker_alone(world: World) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    asked = erase_member(world.owner, member_id=lea.pk, basis="request")
    with pytest.raises(Refused, match="not_allowed"):
        begin_erasure(world.owner, erasure_id=asked.pk)
    worker = process_of(world.brand, EntryPoint.WORKER, "community")
    assert finish_erasure(worker, erasure_id=asked.pk) is None, "nothing is certified that has not begun"
    assert begin_erasure(worker, erasure_id=asked.pk) is not None
    assert begin_erasure(worker, erasure_id=asked.pk) is None


def test_nothing_is_left_and_the_other_is_untouched(world: World, other: World) -> None:
    lea, tom, theirs = scatter(world, "lea"), scatter(world, "tom"), scatter(other, "lea")
    of_lea, of_tom, next_door = sought(world, lea), sought(world, tom), sought(other, theirs)
    before, beside, pictures = search(world, of_tom), search(other, next_door), len(files())
    holding = search(world, of_lea)
    assert len(holding) >= 15, f"the canaries must be everywhere, or nothing is shown: {sorted(holding)}"
    with brand_scope(world.brand):
        told = preview_of(Member.objects.get(pk=lea.pk))
    erasure = erase(world, lea)
    assert search(world, of_lea) == {}, "gone when the transaction is"
    done = finish(world, erasure)
    assert done.finished_at is not None and bytes(done.sealed) == b""
    assert (done.certificate["found"], done.certificate["files"]) == (0, 1)
    assert dict(told.counts) == {kind: n for kind, n in done.counts.items() if kind in told.counts}
    assert search(world, of_tom) == before and search(other, next_door) == beside
    assert len(files()) == pictures - 1


def test_what_others_read_keeps_the_rest_and_its_digest(world: World) -> None:
    lea = scatter(world, "lea")
    with brand_scope(world.brand):
        before = dict(ItemVersion.objects.values_list("pk", "digest"))
        receipts = dict(Receipt.objects.values_list("pk", "content_digest"))
    erase(world, lea)
    with brand_scope(world.brand):
        assert dict(ItemVersion.objects.values_list("pk", "digest")) == before
        assert dict(Receipt.objects.values_list("pk", "content_digest")) == receipts
        texts = [version.content["text"] for version in ItemVersion.objects.all()]
        assert f"Oui {GONE}" in texts and "Un mot" in texts
        assert "Un mot pour vous seule" not in texts, "what was addressed to them alone is theirs as a whole"
        changed = ItemVersion.objects.get(content__text=f"Bientôt {GONE}")
        with pytest.raises(ValueError, match="content_altered"):
            changed.exact_content()


def test_what_waits_with_such_words_does_not_go_out(world: World) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    world.charter(6)
    world.submitted("Vive Léa Zorglub", title="Vive elle")
    erase(world, lea)
    world.run_outbox("gate.send")
    assert world.on_the_wall() == []


def test_the_line_names_numbers_and_no_person(world: World) -> None:
    lea = scatter(world, "lea")
    known = sought(world, lea)
    erase(world, lea, "consent")
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="log.erased")
        assert (line.person_id, line.facts["asked_by"]) == (None, str(world.people[Role.BRAND_OWNER].pk))
        assert (line.facts["basis"], line.facts["member"]) == ("consent", str(lea.pk))
        assert line.facts["counts"]["texts"] > 3 and line.facts["seqs"]
        assert not known.found_in(str(line.facts))
        first, last = line.facts["seqs"][0]
        gone = Entry.objects.filter(seq__gte=first, seq__lte=last).values("pk")
        assert not Private.objects.filter(pk__in=gone).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BRAND_OWNER])
def test_only_the_owner(world: World, role: Role) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    with pytest.raises(Refused, match="not_allowed"):
        erase_member(world.actor(role), member_id=lea.pk, basis="request")
    erase_member(world.owner, member_id=lea.pk, basis="request")


def test_with_a_fresh_proof_alone_and_only_ones_own(world: World, other: World) -> None:
    lea, theirs = add_member(world.owner, about=About("Léa Zorglub")), add_member(other.owner, about=About("Zoé Abc"))
    with pytest.raises(Refused, match="step_up_required"):
        erase_member(world.actor(Role.BRAND_OWNER, stepped_up=False), member_id=lea.pk, basis="request")
    with pytest.raises(Missing):
        erase_member(world.owner, member_id=theirs.pk, basis="request")
    erase(world, lea)
    with pytest.raises(Missing):
        erase_member(world.owner, member_id=lea.pk, basis="request")


def test_held_back_by_the_law(world: World) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    hold_member(world.owner, member_id=lea.pk, because="Litige en cours")
    with pytest.raises(Conflict, match="member_held"):
        erase_member(world.owner, member_id=lea.pk, basis="request")
    release_member(world.owner, member_id=lea.pk)
    erase_member(world.owner, member_id=lea.pk, basis="request")


def test_a_name_that_two_bear_is_left_and_said(world: World) -> None:
    one = add_member(world.owner, about=About("Léa Zorglub", "one@example.org"))
    two = add_member(world.owner, about=About("léa  zorglub", "two@example.org"))
    world.draft("Merci Léa Zorglub (one@example.org)")
    with brand_scope(world.brand):
        assert preview_of(Member.objects.get(pk=one.pk)).shared == ("Léa Zorglub",)
    erasure = erase(world, one)
    assert finish(world, erasure).certificate["shared"] == 1
    with brand_scope(world.brand):
        assert Member.objects.get(pk=two.pk).name == "léa zorglub"
        assert ItemVersion.objects.filter(content__text=f"Merci Léa Zorglub ({GONE})").exists()


def test_who_works_here_under_the_same_name_keeps_it(world: World) -> None:
    name = world.people[Role.BRAND_OWNER].name
    member = add_member(world.owner, about=About(name, "same@example.org"))
    with brand_scope(world.brand):
        assert sought_of(Member.objects.get(pk=member.pk))[1] == (name,)


def test_written_anew_before_the_certificate(world: World) -> None:
    """Whoever was writing at that moment committed after the erasure: it is found, taken out, and searched once more."""
    lea = scatter(world, "lea")
    known = sought(world, lea)
    erasure = erase(world, lea)
    world.draft("Encore Léa Zorglub")
    assert finish(world, erasure).finished_at is None
    assert search(world, known) == {}
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind=FINISH).update(due_at=erasure.at)
    assert finish(world, erasure).finished_at is not None


def test_nobody_certifies_by_hand(world: World) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub"))
    erasure = erase(world, lea)
    with pytest.raises(Refused):
        finish_erasure(world.owner, erasure_id=erasure.pk)
    worker = process_of(world.brand, EntryPoint.WORKER, "community")
    assert finish_erasure(worker, erasure_id=erasure.pk) is not None
    assert finish_erasure(worker, erasure_id=erasure.pk) is None


def test_words_go_out_of_fixed_rows_by_an_erasure_alone(world: World) -> None:
    world.draft("Bonjour")
    with brand_scope(world.brand):
        version = ItemVersion.objects.first()
        assert version is not None
        rows = ItemVersion.objects.filter(pk=version.pk)
        for change, why in (({"note": "x"}, "without the line of an erasure"), ({"digest": "x"}, "permission denied")):
            with pytest.raises(DatabaseError, match=why), transaction.atomic():
                rows.update(**change)


def test_short_values_are_not_sought(world: World) -> None:
    member = add_member(world.owner, about=About("Li", handles=(("x", "@li"),)))
    with brand_scope(world.brand):
        assert values_of(Member.objects.get(pk=member.pk)) == ()
        assert list(held(Sought(()))) == []
    done: Any = finish(world, erase(world, member))
    assert done.certificate["values"] == 0


def test_links_to_what_named_them_are_closed_and_others_stay_open(world: World, other: World) -> None:
    lea = add_member(world.owner, about=About("Léa Zorglub", "lea.zorglub@example.org"))
    named, plain = world.draft("Vive Léa Zorglub"), world.draft("Vive les fraises")
    links = {
        "content": share(world, named.pk, "presse@example.org"),
        "recipient": share(world, plain.pk, "lea.zorglub@example.org"),
        "other": share(world, plain.pk, "presse@example.org"),
        "next door": share(other, named.pk, "lea.zorglub@example.org"),
    }
    with brand_scope(world.brand):
        assert preview_of(Member.objects.get(pk=lea.pk)).counts["links"] == 2
    erasure = erase(world, lea)
    opened = {
        name: open_link(other.brand if name == "next door" else world.brand, link_id=link.pk) is not None
        for name, link in links.items()
    }
    assert opened == {"content": False, "recipient": False, "other": True, "next door": True}
    with brand_scope(world.brand):
        assert Erasure.objects.get(pk=erasure.pk).counts["links"] == 2
        assert Entry.objects.filter(verb="disclosure.ended").count() == DisclosureEnd.objects.count() == 2


def share(world: World, item_id: Any, recipient: str) -> ShareLink:
    until = timezone.now() + timezone.timedelta(days=1)
    facts = {"kind": "items.item", "object_id": item_id, "digest": "d" * 64, "info_class": InfoClass.SHARED}
    return make_link(world.owner, recipient=recipient, until=until, most_views=3, **facts).link
