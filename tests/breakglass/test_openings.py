"""Opening, telling and ending: who may, what is written, whom it is told to; and that an operator stands for nobody."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clients.audit.models import Entry, Private
from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.actions import end_glass, fail_glass, lapse_glass, open_glass, tell_look
from clients.breakglass.models import Look, Opening, OpeningEnd
from clients.breakglass.queries import openings, read_under, told_of_openings
from clients.breakglass.steps import LAPSE, LETTER, SHUT
from clients.disclosure.models import Disclosure
from clients.disclosure.queries import readings_of
from clients.gate.actions import approve_item
from clients.mandates.actions import sign_charter
from clients.outbox.models import OutboxRow
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants import glass
from tenants.brandref import BrandRef
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import Membership
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.breakglass.opened import WHY, opened, operator, told
from tests.world import World


def lines(brand: BrandRef, verb: str) -> list[Entry]:
    with brand_scope(brand):
        return list(Entry.objects.filter(verb=verb).order_by("seq"))


def test_each_look_stands_in_the_ledger_of_what_left(world: World, brand_b: BrandRef) -> None:
    """To whom, which rows, of what class, by whose leave; the thing itself knows that the operator has seen it."""
    item, apart = world.draft("Un mot", title="Regardé"), world.draft("Un autre", title="Pas regardé")
    opening = opened(world.brand)
    with brand_scope(world.brand):
        assert not Disclosure.objects.exists(), "nothing has left before somebody looks"
    told(world.brand, opening, where=(("title", "Regardé"),))
    told(world.brand, opening, where=(("title", "Inconnu"),))
    with brand_scope(world.brand):
        nothing, looked = Disclosure.objects.order_by("-at")
        assert (looked.way, looked.recipient_kind, looked.object_kind) == ("operator", "operator", "items.item")
        assert (looked.object_ids, looked.count, looked.info_class) == ([str(item.pk)], 1, "brand")
        assert (looked.leave_person, looked.leave_policy) == (None, "break_glass")
        assert (looked.words.recipient, looked.words.reason) == ("Noé Martin", WHY)
        assert (nothing.count, nothing.object_ids) == (0, [])
        assert [line.verb for line in readings_of(item.pk)] == ["disclosed"] and not readings_of(apart.pk)
    with brand_scope(brand_b):
        assert not Disclosure.objects.exists()


def waiting(brand: BrandRef, kind: str) -> int:
    with brand_scope(brand):
        return OutboxRow.objects.filter(kind=kind, done_at=None).count()


def test_opening_writes_the_line_and_the_letters_before_anything_stands(world: World) -> None:
    opening = opened(world.brand)
    (line,) = lines(world.brand, "break_glass.opened")
    assert (line.subject_id, line.side, line.role, line.person_id) == (opening.pk, "", "", None)
    assert line.facts["parts"] == ["items", "outbox"]
    assert WHY not in str(line.facts) and "Martin" not in str(line.facts)
    with brand_scope(world.brand):
        said = Private.objects.get(pk=line.pk).data
    assert (said["who"], said["reason"], said["ticket"]) == ("Noé Martin", WHY, "T-12")
    assert (waiting(world.brand, LETTER), waiting(world.brand, LAPSE), waiting(world.brand, SHUT)) == (1, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"who": "  "}, "name_empty", "who"),
        ({"who": "http://x.example"}, "name_no_name", "who"),
        ({"reason": "Panne"}, "opening_reason_missing", "reason"),
        ({"reason": "x" * 301}, "opening_words_too_long", "reason"),
        ({"ticket": "x" * 61}, "opening_words_too_long", "ticket"),
        ({"hours": 4.01}, "opening_too_long", "hours"),
        ({"hours": 0}, "opening_too_long", "hours"),
        ({"hours": -1}, "opening_too_long", "hours"),
        ({"hours": float("nan")}, "opening_too_long", "hours"),
        ({"hours": 1e12}, "opening_too_long", "hours"),
        ({"parts": []}, "part_unknown", "part"),
        ({"parts": ["items", "tenants"]}, "part_unknown", "part"),
    ],
)
def test_what_must_be_said(world: World, wrong: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(world.brand, **wrong)
    assert (refused.value.code, refused.value.field) == (code, field)
    with brand_scope(world.brand):
        assert not Opening.objects.exists()
    opened(world.brand, hours=4)


def test_only_the_command_opens_and_looks(world: World) -> None:
    opening = opened(world.brand)
    page = glass.Page("items_item")
    for actor in (world.owner, world.cm, process_of(world.brand, EntryPoint.WORKER, "worker")):
        for act in (
            lambda a: open_glass(a, who="x", reason=WHY, hours=1, parts=["items"]),
            lambda a: tell_look(a, opening_id=opening.pk, page=page),
            lambda a: fail_glass(a, opening_id=opening.pk),
        ):
            with pytest.raises(Refused, match="not_allowed"):
                act(actor)
    tell_look(operator(world.brand), opening_id=opening.pk, page=page)


def test_each_page_is_a_line_with_table_columns_and_rows_and_no_contents(world: World) -> None:
    for title in ("Un", "Deux", "Deux"):
        world.draft("Texte secret", title=title)
    opening = opened(world.brand)
    told(world.brand, opening, where=(("title", "Deux"),))
    told(world.brand, opening, offset=2, limit=5)
    first, second = (line.facts for line in lines(world.brand, "break_glass.read"))
    assert first == {"table": "items_item", "columns": ["title"], "skipped": 0, "rows": 2}
    assert second == {"table": "items_item", "columns": [], "skipped": 2, "rows": 1}
    with brand_scope(world.brand):
        assert read_under([opening.pk])[opening.pk] == [("items_item", 2, 3)]


@pytest.mark.parametrize(
    ("page", "field"),
    [
        (glass.Page("community_member"), "table"),
        (glass.Page("audit_private"), "table"),
        (glass.Page("tenants_brand"), "table"),
        (glass.Page('items_item"; DROP'), "table"),
        (glass.Page("items_item", (("secret", "x"),)), "where"),
        (glass.Page("outbox_outboxrow", (("key", "x"),)), "where"),
        (glass.Page("items_item", (("title", "x"),) * 6), "where"),
    ],
)
def test_what_was_not_opened_is_told_and_read_by_nobody(world: World, page: glass.Page, field: str) -> None:
    opening = opened(world.brand)
    with pytest.raises(Invalid) as refused:
        tell_look(operator(world.brand), opening_id=opening.pk, page=page)
    assert refused.value.field == field
    assert lines(world.brand, "break_glass.read") == []


def end_by(world: World, role: Role) -> Actor:
    return world.actor(role, stepped_up=False)


@pytest.mark.parametrize("role", list(Role))
def test_the_brands_heads_end_it_and_nobody_else(world: World, role: Role) -> None:
    opening = opened(world.brand)
    if role in (Role.BRAND_OWNER, Role.BRAND_MANAGER):
        end_glass(end_by(world, role), opening_id=opening.pk)
        (line,) = lines(world.brand, "break_glass.ended")
        assert (line.facts["how"], line.person_id) == ("brand", world.people[role].pk)
    else:
        with pytest.raises(Refused, match="not_allowed"):
            end_glass(end_by(world, role), opening_id=opening.pk)
        assert lines(world.brand, "break_glass.ended") == []


def test_an_end_is_told_with_what_was_read_and_comes_once(world: World) -> None:
    world.draft("Texte")
    opening = opened(world.brand)
    told(world.brand, opening)
    end_glass(operator(world.brand), opening_id=opening.pk)
    (line,) = lines(world.brand, "break_glass.ended")
    assert line.facts == {"how": "operator", "read": [["items_item", 1, 1]]}
    assert (waiting(world.brand, LAPSE), waiting(world.brand, SHUT), waiting(world.brand, LETTER)) == (0, 1, 2)
    for again in (lambda: end_glass(world.owner, opening_id=opening.pk),
                  lambda: tell_look(operator(world.brand), opening_id=opening.pk, page=glass.Page("items_item"))):  # fmt: skip
        with pytest.raises(Conflict, match="opening_over"):
            again()
    assert lapse_glass(process_of(world.brand, EntryPoint.WORKER, "worker"), opening_id=opening.pk) is False
    assert len(lines(world.brand, "break_glass.ended")) == 1


def test_two_who_end_it_at_once_are_one_end(world: World) -> None:
    opening = opened(world.brand)
    from clients.breakglass import steps
    from clients.breakglass.rules import Ended

    with durable(world.brand):
        held = steps.find_opening(opening.pk)
        end = steps.end(world.owner, held, Ended.BRAND)
        with pytest.raises(Conflict, match="opening_over"):
            steps.end(operator(world.brand), steps.find_opening(opening.pk), Ended.OPERATOR)
    assert end.how == "brand"


def test_its_time_is_over_by_itself(world: World) -> None:
    opening = opened(world.brand, hours=1)
    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    assert lapse_glass(worker, opening_id=opening.pk) is False
    with time_machine.travel(opening.until + timedelta(seconds=1), tick=True):
        with pytest.raises(Conflict, match="opening_over"):
            tell_look(operator(world.brand), opening_id=opening.pk, page=glass.Page("items_item"))
        assert lapse_glass(worker, opening_id=opening.pk) is True
    assert [line.facts["how"] for line in lines(world.brand, "break_glass.ended")] == ["time"]


@pytest.mark.parametrize("verb", list(Verb))
def test_an_operator_may_do_nothing_that_a_person_may(world: World, verb: Verb) -> None:
    with pytest.raises(Refused):
        require(operator(world.brand), verb)


def test_an_operator_stands_for_no_side_and_for_nobody(world: World) -> None:
    """Also while an opening holds: it is no membership, and no step of a side is satisfied by it."""
    opened(world.brand)
    actor = operator(world.brand)
    assert not actor.is_brand and not actor.is_agency
    for side in Side:
        with pytest.raises(Refused, match="wrong_side"):
            require_side(actor, side)
    with pytest.raises(Refused, match="not_allowed"):
        _ = actor.somebody
    with pytest.raises(Refused, match="step_up_required"):
        require_step_up(actor, timezone.now())
    item = world.submitted("À approuver.")
    assert item.version is not None
    with pytest.raises(RelaisError):
        approve_item(actor, item_id=item.pk, seen_digest=item.version.digest)
    with pytest.raises(RelaisError):
        sign_charter(actor=actor, charter_id=item.pk, digest="x" * 64)
    assert world.state_of(item) == "waiting"


def test_letters_go_to_the_owners_or_else_to_the_managers(world: World) -> None:
    with brand_scope(world.brand):
        assert [p.role for p in told_of_openings()] == ["brand_owner"]
    Membership.objects.filter(person=world.people[Role.BRAND_OWNER]).update(ended_at=timezone.now())
    with brand_scope(world.brand):
        assert [p.role for p in told_of_openings()] == ["brand_manager"]


def test_another_brand_knows_of_nothing(world: World, brand_b: BrandRef) -> None:
    opening = opened(world.brand)
    with brand_scope(brand_b):
        assert not openings().exists()
    for act in (
        lambda: end_glass(operator(brand_b), opening_id=opening.pk),
        lambda: tell_look(operator(brand_b), opening_id=opening.pk, page=glass.Page("items_item")),
    ):
        with pytest.raises(Missing):
            act()


@pytest.mark.parametrize("model", [Opening, Look, OpeningEnd])
def test_no_row_of_it_is_ever_changed(world: World, model: Any) -> None:
    opening = opened(world.brand)
    told(world.brand, opening)
    end_glass(operator(world.brand), opening_id=opening.pk)
    from django.db import DatabaseError, transaction

    table = model._meta.db_table
    with brand_scope(world.brand), connection.cursor() as cursor:
        for spoil in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match=r"permission denied|append_only"), transaction.atomic():
                cursor.execute(spoil)
