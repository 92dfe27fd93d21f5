"""WordPress against a fake that was compared with a real one; the same against the real one is in `live`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.settings import clean_settings
from clients.channels.wordpress.connector import NEEDED, WordPressConnector
from tenants.errors import Invalid
from tests.channels.contract import (
    CANARY,
    Effects,
    HostileContract,
    SendingContract,
    assert_clean,
    deliver,
    prepared,
    quick,
)
from tests.channels.fakes.serving import serving
from tests.channels.fakes.wordpress import WordPress
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def wordpress() -> WordPress:
    found = WordPress()
    found.password = CANARY
    return found


@pytest.fixture
def hostile(wordpress: WordPress) -> Iterator[Hostile]:
    with serving(wordpress) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port() -> Port:
    return quick(WordPressConnector())


@pytest.fixture
def effects(wordpress: WordPress) -> Effects:
    before = wordpress.visible
    return lambda: wordpress.visible - before


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    given = {"site": hostile.url, "user": "editor", "password": CANARY}
    settings, secrets = clean_settings(WordPressConnector.fields, given)
    return replace(outbound, title="Le port & <b>la</b> marée", settings=settings, secret=Secrets(secrets))


def _as(outbound: Outbound, who: str) -> Outbound:
    return replace(outbound, settings={**outbound.settings, "user": who})


def _failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        deliver(port, outbound)
    assert_clean(failed.value)
    return failed.value


class TestPosts(SendingContract, HostileContract):
    kind = "wordpress"


class TestAnswers(SendingContract, HostileContract):
    kind = "wordpress"

    @pytest.fixture
    def outbound(self, outbound: Outbound, wordpress: WordPress) -> Outbound:
        target = f"comment-{wordpress.seed('comments', post=wordpress.seed('posts'))}"
        return replace(outbound, kind=ActionKind.ANSWER, target=target, title="")

    @pytest.fixture
    def effects(self, outbound: Outbound, wordpress: WordPress) -> Effects:
        before = wordpress.visible
        return lambda: wordpress.visible - before


def test_the_first_picture_is_featured_and_the_others_stand_below(
    port: Port, outbound: Outbound, wordpress: WordPress, picture: MediaFile
) -> None:
    act = replace(outbound, media=(picture, picture._replace(alt='A "red" one')))
    deliver(port, act)
    (post,) = wordpress.state["posts"].values()
    assert [found["alt_text"] for found in wordpress.state["media"].values()] == ["A red square", 'A "red" one']
    assert post["featured_media"] == 1 and 'alt="A &quot;red&quot; one"' in post["content"]
    port.prepare(act)
    assert len(wordpress.state["media"]) == 2, "found again by their names"


def test_nothing_in_a_text_runs_there(port: Port, outbound: Outbound, wordpress: WordPress) -> None:
    deliver(port, replace(outbound, text="[gallery] <script>x</script> ![i](https://example.org/i.png)"))
    (post,) = wordpress.state["posts"].values()
    assert not any(sign in post["content"] for sign in ("[", "<script", "<img"))
    assert post["title"] == "Le port &amp; &lt;b&gt;la&lt;/b&gt; marée"


def test_a_draft_that_somebody_edited_goes_out_as_approved(
    port: Port, outbound: Outbound, wordpress: WordPress
) -> None:
    ready = prepared(port, outbound)
    wordpress.state["posts"]["1"]["content"] = "Tout autre chose"
    sent = port.send(ready)
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.PUBLISHED


@pytest.mark.parametrize("kind", [ActionKind.PUBLISH, ActionKind.ANSWER])
def test_a_draft_that_somebody_trashed_stays_there(
    port: Port, outbound: Outbound, wordpress: WordPress, kind: ActionKind
) -> None:
    ready = prepared(port, replace(outbound, kind=kind, target=f"post-{wordpress.seed('posts')}"))
    before = wordpress.visible
    port.send(replace(outbound, kind=ActionKind.DELETE, target=ready.draft))
    with pytest.raises(SendFailed, match="target_gone"):
        port.send(ready)
    assert wordpress.visible == before


def test_an_answer_that_the_site_keeps_back_is_queued(port: Port, outbound: Outbound, wordpress: WordPress) -> None:
    answer = replace(outbound, kind=ActionKind.ANSWER, target=f"post-{wordpress.seed('posts')}")
    wordpress.held = True
    sent = deliver(port, answer)
    assert sent.state is SentState.QUEUED and port.find(answer) is None
    assert port.look(replace(answer, target=sent.remote_id)).state is SentState.QUEUED


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("future", SentState.SCHEDULED), ("pending", SentState.QUEUED), ("private", SentState.ACCEPTED),
        ("draft", SentState.GONE), ("trash", SentState.GONE),
    ],
)  # fmt: skip
def test_what_others_do_to_a_post_is_told(
    port: Port, outbound: Outbound, wordpress: WordPress, status: str, state: SentState
) -> None:
    sent = deliver(port, outbound)
    wordpress.state["posts"]["1"]["status"] = status
    assert port.look(replace(outbound, target=sent.remote_id)).state is state


def test_hiding_keeps_who_wrote_and_is_undone(port: Port, outbound: Outbound, wordpress: WordPress) -> None:
    target = f"comment-{wordpress.seed('comments', post=wordpress.seed('posts'))}"
    hide = replace(outbound, kind=ActionKind.HIDE, target=target, text="")
    assert port.find(hide) is None
    assert deliver(port, hide) == deliver(port, hide) == port.find(hide)
    assert (
        wordpress.state["comments"]["1"] | {"status": "hold", "agent": "A browser"} == wordpress.state["comments"]["1"]
    )
    assert deliver(port, replace(hide, kind=ActionKind.UNHIDE)).state is SentState.PUBLISHED


@pytest.mark.parametrize("target", ["", "12", "post-0", "post-1/../2", "comment-x", "page-4", "post-1\n"])
def test_only_names_of_ours_reach_an_address(port: Port, outbound: Outbound, target: str) -> None:
    error = _failure(port, replace(outbound, kind=ActionKind.CORRECT, target=target or None))
    assert error.permanent and error.code in ("target_not_here", "target_missing")


def test_a_post_can_be_neither_hidden_nor_shown(port: Port, outbound: Outbound) -> None:
    assert _failure(port, replace(outbound, kind=ActionKind.HIDE, target="post-1")).code == "target_not_here"


def test_what_is_gone_is_neither_answered_nor_corrected(port: Port, outbound: Outbound) -> None:
    for kind, target in (
        (ActionKind.ANSWER, "comment-99"),
        (ActionKind.CORRECT, "post-99"),
        (ActionKind.HIDE, "comment-9"),
    ):
        error = _failure(port, replace(outbound, kind=kind, target=target))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)


@pytest.mark.parametrize(
    ("who", "missing"),
    [("editor", ()), ("author", NEEDED[5:]), ("contributor", NEEDED[1:]), ("subscriber", NEEDED)],
)
def test_a_role_that_is_too_small_says_what_it_lacks(
    port: Port, outbound: Outbound, wordpress: WordPress, who: str, missing: tuple[str, ...]
) -> None:
    act = _as(outbound, who)
    assert port.check(act.settings, act.secret).missing == missing
    answer = replace(act, kind=ActionKind.ANSWER, target=f"post-{wordpress.seed('posts')}")
    for each, needed in ((act, "publish_posts"), (answer, "moderate_comments")):
        if needed in missing:
            assert _failure(port, each).code == "scope_missing"
        else:
            assert deliver(port, each).state is SentState.PUBLISHED


def test_nobody_by_this_name(port: Port, outbound: Outbound) -> None:
    assert _failure(port, _as(outbound, "nobody")).code == "credentials_refused"


def test_a_flood_is_waited_out(
    port: Port, outbound: Outbound, wordpress: WordPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site whose moderators may not write as they like either: a plug-in can decide so."""
    monkeypatch.setattr(WordPress, "answer", lambda *_: (400, {"code": "comment_flood"}))
    answer = replace(outbound, kind=ActionKind.ANSWER, target="post-1")
    error = _failure(port, answer)
    assert (error.code, error.permanent, error.maybe_sent) == ("too_many_requests", False, False)
    assert error.retry_at is not None
    assert timedelta(seconds=10) < error.retry_at - datetime.now(UTC) <= timedelta(seconds=15)


def test_a_password_goes_over_an_encrypted_line_only(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    WordPressConnector().check_settings({"site": "https://a.example"}, NO_SECRETS)
    with pytest.raises(Invalid) as refused:
        WordPressConnector().check_settings({"site": "http://a.example"}, NO_SECRETS)
    assert (refused.value.code, refused.value.field) == ("https_required", "site")
