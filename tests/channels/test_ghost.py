"""Ghost against a fake that was compared with a real one; the same against the real one is in `live`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.ghost.connector import GhostConnector
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState, Written
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tenants.errors import Invalid
from tests.channels.contract import (
    Effects,
    HostileContract,
    SendingContract,
    assert_clean,
    deliver,
    prepared,
    quick,
)
from tests.channels.fakes.ghost import KEY, Ghost
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def ghost() -> Ghost:
    return Ghost()


@pytest.fixture
def hostile(ghost: Ghost) -> Iterator[Hostile]:
    with serving(ghost) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port() -> Port:
    return quick(GhostConnector())


@pytest.fixture
def effects(ghost: Ghost) -> Effects:
    return lambda: ghost.visible


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    settings, secrets = clean_settings(
        GhostConnector.fields, {"site": hostile.url, "admin_key": KEY, "tags": "port, , mer"}
    )
    return replace(outbound, title="Le port & <b>la</b> marée", settings=settings, secret=Secrets(secrets))


def _failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        deliver(port, outbound)
    assert_clean(failed.value)
    assert KEY.partition(":")[2] not in repr(failed.value)
    return failed.value


class TestContract(SendingContract, HostileContract):
    kind = "ghost"


def test_a_post_carries_its_picture_its_words_and_the_tags(
    port: Port, outbound: Outbound, ghost: Ghost, picture: MediaFile
) -> None:
    sent = deliver(port, replace(outbound, media=(picture,)))
    post = ghost.state["posts"][sent.remote_id]
    assert post["feature_image"] in ghost.state["images"] and post["feature_image_alt"] == "A red square"
    assert post["tags"] == [{"name": "port"}, {"name": "mer"}]


@pytest.mark.parametrize("title", ["", "Le port"])
def test_what_is_added_is_what_is_told_to_who_approves(
    port: Port, outbound: Outbound, ghost: Ghost, title: str
) -> None:
    act = replace(outbound, title=title, text="Samedi\n\nLa suite")
    told = {"kind": act.kind, "text": act.text, "title": title, "link": act.link, "settings": act.settings}
    added = port.adds(Written(**told))
    post = ghost.state["posts"][deliver(port, act).remote_id]
    assert (post["title"], [tag["name"] for tag in post["tags"]]) == (title or added.title, list(added.tags))
    assert bool(added.title) is not bool(title)


def test_a_post_without_a_title_has_its_first_line(port: Port, outbound: Outbound, ghost: Ghost) -> None:
    sent = deliver(port, replace(outbound, title="", text="Samedi, marée haute\n\nLa suite"))
    assert ghost.state["posts"][sent.remote_id]["title"] == "Samedi, marée haute"


def test_a_draft_that_somebody_edited_goes_out_as_approved(port: Port, outbound: Outbound, ghost: Ghost) -> None:
    ready = prepared(port, outbound)
    ghost.state["posts"][ready.draft]["html"] = "<p>Tout autre chose</p>"
    sent = port.send(ready)
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.PUBLISHED


def test_a_draft_that_somebody_deleted_is_not_made_anew(port: Port, outbound: Outbound, ghost: Ghost) -> None:
    ready = prepared(port, outbound)
    ghost.state["posts"].clear()
    with pytest.raises(SendFailed) as refused:
        port.send(ready)
    assert (refused.value.code, refused.value.permanent, ghost.visible) == ("target_gone", True, 0)


@pytest.mark.parametrize(("meddling", "goes"), [(0, True), (1, True), (2, False)])
def test_a_change_in_the_same_moment_is_read_again_once(
    port: Port, outbound: Outbound, ghost: Ghost, meddling: int, goes: bool
) -> None:
    ready = prepared(port, outbound)
    ghost.meddling = meddling
    if goes:
        assert port.send(ready).state is SentState.PUBLISHED
        return
    with pytest.raises(SendFailed) as refused:
        port.send(ready)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == ("edited_meanwhile", False, False)
    assert ghost.visible == 0


@pytest.mark.parametrize(
    ("status", "state"), [("scheduled", SentState.SCHEDULED), ("draft", SentState.GONE), ("sent", SentState.PUBLISHED)]
)
def test_what_others_do_to_a_post_is_told(
    port: Port, outbound: Outbound, ghost: Ghost, status: str, state: SentState
) -> None:
    sent = deliver(port, outbound)
    ghost.state["posts"][sent.remote_id]["status"] = status
    assert port.look(replace(outbound, target=sent.remote_id)).state is state


@pytest.mark.parametrize("target", ["12", "../site", f"{'a' * 24}/", f"{'a' * 24}\n", "G" * 24])
def test_only_names_of_ours_reach_an_address(port: Port, outbound: Outbound, target: str) -> None:
    error = _failure(port, replace(outbound, kind=ActionKind.CORRECT, target=target))
    assert (error.code, error.permanent) == ("target_not_here", True)


def test_what_is_gone_is_not_corrected(port: Port, outbound: Outbound) -> None:
    assert _failure(port, replace(outbound, kind=ActionKind.CORRECT, target="a" * 24)).code == "target_gone"


@pytest.mark.parametrize("key", ["nothing", KEY.replace(":", ""), f"{KEY} ", KEY.upper(), f"{'a1' * 12}:{'b2' * 8}z"])
def test_a_key_has_the_form_that_ghost_gives_out(key: str, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    check = GhostConnector().check_settings
    check({"site": "https://a.example"}, Secrets({"admin_key": KEY}))
    with pytest.raises(Invalid) as refused:
        check({"site": "https://a.example"}, Secrets({"admin_key": key}))
    assert (refused.value.code, refused.value.field) == ("admin_key_malformed", "admin_key")


def test_a_token_goes_over_an_encrypted_line_only(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    with pytest.raises(Invalid) as refused:
        GhostConnector().check_settings({"site": "http://a.example"}, Secrets({"admin_key": KEY}))
    assert (refused.value.code, refused.value.field) == ("https_required", "site")
