"""What stands here of another row's words is kept as strictly as it; and what leaves more than before wants a fresh proof."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.crm.actions import (
    bring_organisations,
    bring_timeline,
    change_system,
    connect_system,
    note_talks,
    set_fields,
)
from clients.crm.actions.organisations import SaidOrganisation
from clients.crm.actions.timeline import SaidEntry
from clients.crm.models import Contact, Organisation, System, TimelineEntry
from clients.crm.rules import policy_of
from clients.disclosure.models import Reclassified
from clients.disclosure.rules import InfoClass
from clients.insights.actions import classify_insight, decide_insight, note_insight
from clients.people.actor import process_of
from tenants.errors import Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, inward, member, said
from tests.custody.conftest import begin
from tests.world import World


def test_what_an_insight_left_with_a_contact_is_raised_with_it(world: World) -> None:
    lea, system = member(world, email="lea@example.org"), connected(world, by_email="link")
    bring(world, system, said(system, "7", name="Léa Martin", email="lea@example.org"))
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    first, second = (note_insight(world.cm, title=title, conversation_id=talk.pk) for title in ("Pain", "Rachat"))
    for one in (first, second):
        decide_insight(world.owner, insight_id=one.pk, decision="will_do", why="Oui.")
    note_talks(process_of(world.brand, EntryPoint.WORKER, "test"))

    def read() -> set[str]:
        with brand_scope(world.brand):
            found = TimelineEntry.objects.readable_by(world.cm).filter(kind="insight_decided")
            return set(found.values_list("title", flat=True))

    assert read() == {"Pain", "Rachat"}
    classify_insight(world.owner, insight_id=second.pk, info_class=InfoClass.BRAND)
    assert read() == {"Pain"}
    with brand_scope(world.brand):
        raised = TimelineEntry.objects.get(title="Rachat")
        assert (raised.info_class, Reclassified.objects.get(object_id=raised.pk).was) == ("brand", "shared")
    classify_insight(world.owner, insight_id=second.pk, info_class=InfoClass.SHARED, reason="Annoncé")
    assert read() == {"Pain"}, "who lets the one be read has not said so of the other"


def brings(world: World, system: System, info_class: str) -> None:
    change_system(
        world.owner, system_id=system.pk, name="Clients", kind="generic", key_id=None, brings=info_class,
        matching={"email": "ask", "handle": "ask"},
    )  # fmt: skip


def test_what_is_told_anew_is_kept_as_strictly_as_it_is_told_and_never_less(world: World) -> None:
    system = connected(world)
    bring(world, system, said(system, "7", name="Léa"))

    def tell(words: str) -> tuple[dict[str, str], dict[str, str]]:
        row = SaidEntry("7", "v", "visit", words, timezone.now() - timedelta(days=1))
        bring_timeline(world.owner, system_id=system.pk, rows=[row])
        bring_organisations(world.owner, system_id=system.pk, rows=[SaidOrganisation("o", words)])
        with brand_scope(world.brand):
            entries, firms = TimelineEntry.objects.filter(here=False), Organisation.objects.all()
            return dict(entries.values_list("title", "info_class")), dict(firms.values_list("name", "info_class"))

    assert tell("Avant") == ({"Avant": "shared"}, {"Avant": "shared"})
    brings(world, system, InfoClass.BRAND)
    assert tell("Secret") == ({"Secret": "brand"}, {"Secret": "brand"})
    with brand_scope(world.brand):
        assert not TimelineEntry.objects.readable_by(world.cm).exists()
        assert Reclassified.objects.count() == 2
    brings(world, system, InfoClass.SHARED)
    assert tell("Encore") == ({"Encore": "brand"}, {"Encore": "brand"})
    with brand_scope(world.brand):
        assert Contact.objects.count() == 1


def test_more_leaves_only_with_a_fresh_proof(world: World) -> None:
    system = connected(world, phone=inward("phone", "brand", outward=True))
    stale = world.actor(Role.BRAND_MANAGER, stepped_up=False)
    policy = policy_of(system.fields)
    wider = policy | {"email": inward("email", outward=True)}
    with pytest.raises(Refused) as refused:
        set_fields(stale, system_id=system.pk, policy=wider)
    assert refused.value.code == "step_up_required"
    with pytest.raises(Refused):
        set_fields(stale, system_id=system.pk, policy=policy | {"phone": inward("phone", outward=True)})
    set_fields(stale, system_id=system.pk, policy=policy | {"own:size": inward("size")})
    set_fields(world.actor(Role.BRAND_MANAGER), system_id=system.pk, policy=wider)
    system = set_fields(stale, system_id=system.pk, policy=policy)
    assert not policy_of(system.fields)["email"].outward


def test_the_log_says_which_key_speaks_for_a_system(world: World) -> None:
    first, second = uuid7(), uuid7()
    system = connect_system(world.owner, name="Clients", key_id=first)
    change_system(
        world.owner, system_id=system.pk, name="Clients", kind="generic", key_id=second, brings="shared",
        matching={"email": "ask", "handle": "ask"},
    )  # fmt: skip
    with brand_scope(world.brand):
        told = dict(Entry.objects.filter(verb__in=("crm.connected", "crm.changed")).values_list("verb", "facts__key"))
    assert told == {"crm.connected": str(first), "crm.changed": str(second)}
