"""Who may add, agree to, open and end a source; what waits for the brand; what is never carried elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest

from clients.channels.actions import connect_channel
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from clients.sources.access import access_source, secrets_of
from clients.sources.actions import (
    accept_shape,
    add_source,
    agree_source,
    change_source,
    give_secret,
    invite_to_give,
    make_secret,
    pause_source,
    remove_source,
    resume_source,
)
from clients.sources.models import Source, SourceHealth
from clients.sources.queries import sources
from clients.sources.registry import KINDS
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

FEED = {"url": "https://journal.example/feed"}
MAIL = {"host": "127.0.0.1", "port": "993", "tls": "implicit", "user": "ecoute", "folder": "INBOX"}
OWNER, MANAGER, AGENCY = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AGENCY_MANAGER


def feed(actor: Actor, name: str = "Le journal", **more: Any) -> Source:
    return add_source(actor=actor, kind="feed", name=name, settings=FEED, **more)


def mailbox(actor: Actor, info_class: InfoClass | None = None, **more: Any) -> Source:
    return add_source(actor=actor, kind="mailbox", name="Courrier", settings=MAIL | more, info_class=info_class)


def secret_in(world: World, source: Source, name: str = "password") -> str:
    with brand_scope(world.brand):
        return secrets_of(Source.objects.get(pk=source.pk)).reveal(name)


def code(act: Callable[[], object]) -> str:
    try:
        act()
    except RelaisError as error:
        return error.code
    return ""


@pytest.mark.parametrize("role", list(Role))
def test_who_may_add_a_feed(world: World, role: Role) -> None:
    allowed = role in {OWNER, MANAGER, AGENCY, Role.AGENCY_OWNER}
    assert code(lambda: feed(world.actor(role))) == ("" if allowed else "not_allowed")


def test_what_only_the_brand_opens_waits_for_the_brands_yes(world: World) -> None:
    agency = world.actor(AGENCY)
    proposed = mailbox(agency)
    assert proposed.state == "waiting" and mailbox_state(world, proposed) == "waiting"
    assert code(lambda: agree_source(actor=agency, source_id=proposed.pk)) == "not_allowed"
    assert agree_source(actor=world.actor(MANAGER), source_id=proposed.pk).state == "on"
    assert code(lambda: agree_source(actor=world.owner, source_id=proposed.pk)) == "source_not_so"


def mailbox_state(world: World, source: Source) -> str:
    with brand_scope(world.brand):
        return str(Source.objects.values_list("state", flat=True).get(pk=source.pk))


def test_the_agency_gives_a_secret_only_when_it_was_invited_and_once(world: World) -> None:
    agency, source = world.actor(AGENCY), mailbox(world.actor(AGENCY))
    given = {"password": "geheim"}
    with pytest.raises(Refused):
        mailbox(agency, password="geheim")
    assert code(lambda: give_secret(actor=agency, source_id=source.pk, secrets=given)) == "not_allowed"
    invite_to_give(actor=world.owner, source_id=source.pk)
    give_secret(actor=agency, source_id=source.pk, secrets=given)
    assert secret_in(world, source) == "geheim"
    assert code(lambda: give_secret(actor=agency, source_id=source.pk, secrets=given)) == "not_allowed"
    with brand_scope(world.brand):
        assert b"geheim" not in bytes(Source.objects.get(pk=source.pk).secret)


def test_a_secret_is_never_carried_to_another_place(world: World) -> None:
    source = mailbox(world.owner, InfoClass.SHARED, password="geheim")
    same = change_source(actor=world.actor(AGENCY), source_id=source.pk, name="Autre nom", settings=MAIL)
    assert secret_in(world, source) == "geheim" and same.state == "on"
    moved = change_source(
        actor=world.actor(AGENCY), source_id=source.pk, name="X", settings=MAIL | {"host": "evil.example"}
    )
    assert secret_in(world, source) == "" and moved.state == "waiting"


def test_the_signing_secret_is_told_once_and_made_anew_at_will(world: World) -> None:
    source = add_source(actor=world.owner, kind="webhook", name="Outil", settings={"keep": "all"})
    first, second = (make_secret(actor=world.owner, source_id=source.pk) for _ in range(2))
    assert first != second and first.startswith("whsec_") and secret_in(world, source, "signing_secret") == second
    assert code(lambda: make_secret(actor=world.owner, source_id=feed(world.owner).pk)) == "source_not_so"


def test_what_the_brand_agreed_to_the_brand_removes(world: World) -> None:
    source = mailbox(world.owner, InfoClass.SHARED, password="geheim")
    assert code(lambda: remove_source(actor=world.actor(AGENCY), source_id=source.pk)) == "not_allowed"
    gone = remove_source(actor=world.owner, source_id=source.pk)
    assert gone.state == "removed" and secret_in(world, source) == ""
    for act in (pause_source, resume_source, agree_source, remove_source):
        assert code(lambda act=act: act(actor=world.owner, source_id=source.pk)) == "source_not_so"
    mailbox(world.owner)  # its name is free again


def test_the_agencys_own_it_may_end(world: World) -> None:
    source = feed(world.actor(AGENCY))
    assert remove_source(actor=world.actor(AGENCY), source_id=source.pk).state == "removed"


def test_what_the_brand_keeps_for_itself_the_agency_does_not_see(world: World, other: World) -> None:
    kept, shared = feed(world.owner), feed(world.actor(AGENCY), "Le blog")
    feed(other.owner, "Le voisin")
    for role, seen in (
        (OWNER, {"Le journal", "Le blog"}),
        (AGENCY, {"Le blog"}),
        (Role.COMMUNITY_MANAGER, {"Le blog"}),
    ):
        actor = world.actor(role)
        with brand_scope(world.brand):
            assert {source.name for source in sources(actor)} == seen
    with brand_scope(world.brand), pytest.raises(Missing):
        access_source(world.actor(AGENCY), kept.pk)
    with brand_scope(world.brand):
        assert access_source(world.actor(AGENCY), shared.pk).name == "Le blog"
    with brand_scope(other.brand), pytest.raises(Missing):
        access_source(other.owner, kept.pk)
    assert code(lambda: pause_source(actor=other.owner, source_id=kept.pk)) == "source"


@pytest.mark.parametrize(
    ("kind", "settings", "found"),
    [
        ("feed", {"url": "ftp://x.example/f"}, ("not_a_site", "url")),
        ("feed", {"url": "javascript:alert(1)"}, ("not_a_site", "url")),
        ("feed", {"url": ""}, ("setting_missing", "url")),
        ("feed", {"url": "https://a.example/" + "x" * 1200}, ("setting_too_long", "url")),
        ("mailbox", MAIL | {"host": "not a host"}, ("not_a_host", "host")),
        ("mailbox", MAIL | {"port": "99999"}, ("out_of_range", "port")),
        ("mailbox", MAIL | {"tls": "maybe"}, ("not_a_choice", "tls")),
        ("mastodon", {"what": "hashtag", "tag": ""}, ("setting_missing", "tag")),
        ("mastodon", {"what": "home", "tag": ""}, ("channel_missing", "channel")),
        ("wordpress", {}, ("channel_missing", "channel")),
        ("telepathy", {}, ("source_kind_unknown", "kind")),
        ("hand", {"what": "phone", "extra": "1"}, ("setting_unknown", "extra")),
    ],
)
def test_what_was_typed_wrong_is_named(world: World, kind: str, settings: Any, found: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as wrong:
        add_source(actor=world.owner, kind=kind, name="Essai", settings=settings)
    assert (wrong.value.code, wrong.value.field) == found


def test_a_name_is_used_once_and_a_period_has_bounds(world: World) -> None:
    feed(world.owner)
    with pytest.raises(Conflict):
        feed(world.owner)
    for every in (0, 4, 1441):
        with pytest.raises(Invalid):
            feed(world.owner, "Autre", every=every)
    assert feed(world.owner, "Autre", every=5).every == 5


def test_a_channel_of_another_kind_is_none(world: World) -> None:
    box = connect_channel(actor=world.owner, kind="phone", name="Standard")
    with pytest.raises(Invalid):
        add_source(actor=world.owner, kind="mastodon", name="M", settings={"what": "home"}, channel_id=box.pk)


def test_another_place_is_watched_anew(world: World) -> None:
    source = feed(world.owner)
    with brand_scope(world.brand):
        SourceHealth.objects.filter(source=source).update(cursor={"digest": "x"}, trouble="silent", shape=["date"])
    change_source(
        actor=world.owner, source_id=source.pk, name="Le journal", settings={"url": "https://autre.example/f"}
    )
    with brand_scope(world.brand):
        health = SourceHealth.objects.get(source=source)
    assert (health.cursor, health.trouble, health.shape) == ({}, "", [])


@pytest.mark.parametrize("act", [pause_source, resume_source, remove_source, accept_shape])
def test_steps_are_for_who_looks_after_sources(world: World, act: Callable[..., object]) -> None:
    source = feed(world.actor(AGENCY))
    for role in (Role.COMMUNITY_MANAGER, Role.APPROVER, Role.AUDITOR, Role.ANALYST, Role.DEPARTMENT_CONTACT):
        with pytest.raises(RelaisError):
            act(actor=world.actor(role), source_id=source.pk)
    if act is resume_source:
        pause_source(actor=world.owner, source_id=source.pk)
    act(actor=world.actor(AGENCY), source_id=source.pk)


def test_every_kind_says_what_it_is() -> None:
    from portal.wording.sources import ABOUT
    from portal.wording.sources import KINDS as KIND_WORDS

    for name, kind in KINDS.items():
        assert kind.name == name and name in ABOUT and name in KIND_WORDS
        assert kind.watched != kind.by_people and (kind.opens or not kind.channels)
