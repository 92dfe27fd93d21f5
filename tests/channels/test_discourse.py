"""Discourse against a fake that keeps its documented ways: every kind of act, found again after every kind of break."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.discourse.connector import DiscourseConnector
from clients.channels.port import MediaFile, Outbound, SendFailed, Sent, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.settings import clean_settings
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, assert_clean, quick
from tests.channels.fakes.discourse import CATEGORY, KEY, USER, Discourse, publish
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before

REPLIES = (ActionKind.ANSWER, ActionKind.ACKNOWLEDGE)


@pytest.fixture
def forum() -> Discourse:
    found = Discourse(delay=0.15)
    found.key = KEY + CANARY
    return found


@pytest.fixture
def hostile(forum: Discourse) -> Iterator[Hostile]:
    with serving(forum) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port() -> Port:
    return quick(DiscourseConnector())


@pytest.fixture
def effects(forum: Discourse) -> Effects:
    return lambda: len(forum.visible)


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    given = {"site": hostile.url, "user": USER, "category": CATEGORY, "api_key": KEY + CANARY}
    settings, secrets = clean_settings(DiscourseConnector.fields, given)
    return replace(outbound, title="Un sujet pour vous", settings=settings, secret=Secrets(secrets))


@pytest.fixture
def question(forum: Discourse) -> str:
    """Somebody's post."""
    return str(forum.seed("Où est la sortie ?"))


@pytest.fixture
def answer(outbound: Outbound, question: str) -> Outbound:
    return replace(outbound, kind=ActionKind.ANSWER, title="", target=question, text="Au fond à gauche")


def settled(port: Port, outbound: Outbound) -> Sent | None:
    time.sleep(0.2)
    return port.find(outbound)


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


def lost(port: Port, outbound: Outbound, hostile: Hostile) -> None:
    """Send, and never hear the answer."""
    hostile.mode = "lose_answer"
    error = failure(port, outbound)
    assert error.maybe_sent
    hostile.mode = ""


class TestContract(SendingContract):
    kind = "discourse"

    @pytest.fixture
    def forum(self) -> Discourse:
        """Without a delay: what the contract asks at once is then there at once."""
        found = Discourse()
        found.key = KEY + CANARY
        return found


class TestHostile(HostileContract):
    """A 401 is not Discourse's, but what stands before one."""


class TestHostileReply(HostileContract):
    @pytest.fixture
    def outbound(self, answer: Outbound) -> Outbound:
        return answer


class TestTopics:
    def test_a_topic_with_its_name_and_place(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        sent = port.send(replace(outbound, link="https://example.org/a"))
        topic = forum.state["topics"]["1"]
        assert (topic["title"], topic["category"]) == (outbound.title, CATEGORY)
        post = forum.state["posts"][sent.remote_id]
        assert post["raw"].startswith(f"{outbound.text}\nhttps://example.org/a\n\n<!-- relais:")
        assert outbound.key not in json.dumps(forum.state)
        assert sent.url == f"{outbound.settings['site']}/t/1/1" and sent.state is SentState.PUBLISHED

    def test_pictures_lie_in_it_with_their_words(
        self, port: Port, outbound: Outbound, forum: Discourse, picture: MediaFile
    ) -> None:
        sent = port.send(replace(outbound, media=(picture._replace(alt="a|b] [c\nd"),)))
        assert "![a b   c d](upload://picture1.png)" in forum.state["posts"][sent.remote_id]["raw"]
        time.sleep(0.2)
        assert port.look(replace(outbound, target=sent.remote_id, media=(picture,))).state is SentState.PUBLISHED

    def test_it_needs_a_title(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        error = failure(port, replace(outbound, title=""))
        assert (error.code, error.permanent, error.maybe_sent) == ("title_missing", True, False)
        assert effects() == 0

    def test_a_message_goes_to_one_person(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, recipient="@jo")
        sent = port.send(message)
        assert settled(port, message) == sent
        error = failure(port, replace(message, key="other", recipient="jo,everyone"))
        assert (error.code, error.permanent) == ("recipient_not_a_user", True)

    def test_the_same_topic_twice_is_told_as_the_first(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        first = port.send(outbound)
        time.sleep(0.2)
        assert port.send(outbound) == first and effects() == 1

    def test_a_duplicate_of_somebody_else_is_refused(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Discourse says 422 to both; only the mark tells one from the other."""
        error = failure(port, replace(outbound, settings={**outbound.settings, "category": CATEGORY + 1}))
        assert (error.code, error.permanent, error.maybe_sent, error.status) == ("content_refused", True, False, 422)
        assert effects() == 0


class TestReplies:
    @pytest.mark.parametrize("kind", REPLIES)
    def test_it_stands_under_the_question(
        self, port: Port, answer: Outbound, forum: Discourse, question: str, kind: ActionKind
    ) -> None:
        sent = port.send(replace(answer, kind=kind))
        post = forum.state["posts"][sent.remote_id]
        assert (post["topic_id"], post["reply_to"], post["post_number"]) == (1, 1, 2)

    def test_it_is_found_among_many(
        self, port: Port, answer: Outbound, forum: Discourse, hostile: Hostile, effects: Effects
    ) -> None:
        forum.delay = 30.0
        lost(port, answer, hostile)
        for number in range(55):
            forum.add_post(1, f"bavardage {number}", foreign=True)
        assert port.find(answer) is None, "the forum is still blind"
        forum.delay = 0.0
        found = port.find(answer)
        assert found is not None and forum.state["posts"][found.remote_id]["raw"].startswith("Au fond")
        assert effects() == 1

    def test_somebody_who_quotes_its_source_is_not_taken_for_it(
        self, port: Port, answer: Outbound, forum: Discourse
    ) -> None:
        sent = port.send(answer)
        forum.add_post(1, forum.state["posts"][sent.remote_id]["raw"], foreign=True)
        forum.state["posts"][sent.remote_id]["deleted_at"] = "2026-01-01T00:00:00.000Z"
        assert settled(port, answer) is None

    def test_two_answers_with_the_same_words_are_two(self, port: Port, answer: Outbound, effects: Effects) -> None:
        port.send(answer)
        time.sleep(0.2)
        assert port.find(replace(answer, key="second")) is None
        port.send(replace(answer, key="second"))
        assert effects() == 2

    def test_a_question_that_is_gone(self, port: Port, answer: Outbound) -> None:
        error = failure(port, replace(answer, target="999"))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)

    @pytest.mark.parametrize("target", ["abc", "007", "1/../2", "-1", "1e3", "١"])
    def test_a_target_that_is_no_number_reaches_nothing(self, port: Port, answer: Outbound, target: str) -> None:
        error = failure(port, replace(answer, target=target))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_not_a_post", True, False)


class TestModeration:
    @pytest.fixture(autouse=True)
    def moderated(self, forum: Discourse) -> None:
        forum.moderated = True

    @pytest.mark.parametrize("which", ["topic", "reply"])
    def test_what_waits_there_is_not_published(
        self, port: Port, outbound: Outbound, answer: Outbound, forum: Discourse, effects: Effects, which: str
    ) -> None:
        act = outbound if which == "topic" else answer
        sent = port.send(act)
        assert (sent.state, sent.remote_id, sent.url) == (SentState.QUEUED, "queued-1", "") and effects() == 0
        assert port.find(act) == sent

    def test_once_let_through_it_is_found(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        sent = port.send(outbound)
        waiting = replace(outbound, target=sent.remote_id)
        assert port.look(waiting).state is SentState.QUEUED
        publish(forum, forum.state["queue"].pop("1")["payload"])
        time.sleep(0.2)
        seen = port.look(waiting)
        assert seen.state is SentState.PUBLISHED and seen.url

    def test_once_refused_there_it_is_gone(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        sent = port.send(outbound)
        forum.state["queue"].clear()
        assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.GONE

    def test_lost_on_the_way_it_is_found_in_the_queue(
        self, port: Port, answer: Outbound, hostile: Hostile, forum: Discourse
    ) -> None:
        lost(port, answer, hostile)
        found = port.find(answer)
        assert found is not None and found.state is SentState.QUEUED and len(forum.state["queue"]) == 1


class TestOtherActs:
    def test_a_like_once(self, port: Port, answer: Outbound, forum: Discourse, question: str) -> None:
        like = replace(answer, kind=ActionKind.REACT, text="")
        assert port.find(like) is None
        sent = port.send(like)
        assert sent.remote_id == question and port.find(like) == sent
        assert port.send(like) == sent and forum.state["posts"][question]["likes"] == 1

    def test_a_like_that_is_not_allowed(self, port: Port, outbound: Outbound) -> None:
        sent = port.send(outbound)
        time.sleep(0.2)
        error = failure(port, replace(outbound, kind=ActionKind.REACT, target=sent.remote_id, text=""))
        assert (error.code, error.permanent, error.maybe_sent) == ("not_permitted", True, False)

    def test_a_correction_with_its_title(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        sent = port.send(outbound)
        time.sleep(0.2)
        other = replace(
            outbound, key="other", kind=ActionKind.CORRECT, target=sent.remote_id, text="Mieux dit", title="Corrigé"
        )
        assert port.find(other) is None
        assert port.send(other) == sent == port.find(other)
        assert forum.state["topics"]["1"]["title"] == "Corrigé"

    def test_a_topic_is_hidden_and_shown(self, port: Port, outbound: Outbound, forum: Discourse, question: str) -> None:
        hide = replace(outbound, kind=ActionKind.HIDE, target=question, text="")
        show = replace(hide, kind=ActionKind.UNHIDE)
        assert port.find(hide) is None
        assert port.send(hide).state is SentState.GONE and not forum.state["topics"]["1"]["visible"]
        assert port.find(hide) is not None and port.find(show) is None
        assert port.send(show).state is SentState.PUBLISHED and forum.state["topics"]["1"]["visible"]

    def test_a_single_reply_cannot_be_hidden(self, port: Port, answer: Outbound) -> None:
        sent = port.send(answer)
        time.sleep(0.2)
        error = failure(port, replace(answer, kind=ActionKind.HIDE, target=sent.remote_id, text=""))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_not_a_topic", True, False)

    def test_without_the_rights_of_a_moderator(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        forum.staff = False
        hide = replace(outbound, kind=ActionKind.HIDE, target=str(forum.seed("Bonjour")), text="")
        error = failure(port, hide)
        assert (error.code, error.permanent, error.maybe_sent) == ("not_permitted", True, False)

    def test_a_reply_is_taken_back_alone_and_a_topic_whole(
        self, port: Port, outbound: Outbound, answer: Outbound, effects: Effects
    ) -> None:
        ours, reply = port.send(outbound), port.send(answer)
        time.sleep(0.2)
        away = replace(answer, kind=ActionKind.DELETE, target=reply.remote_id, text="")
        assert port.find(away) is None
        assert port.send(away).state is SentState.GONE and effects() == 1
        assert port.find(away) == Sent(remote_id=reply.remote_id, state=SentState.GONE)
        port.send(replace(away, target=ours.remote_id))
        assert effects() == 0


@pytest.mark.parametrize("kind", ["topic", "reply", "like", "correct", "hide", "delete"])
def test_every_kind_is_found_after_a_lost_answer(
    port: Port, outbound: Outbound, answer: Outbound, hostile: Hostile, forum: Discourse, kind: str
) -> None:
    ours = port.send(outbound)
    time.sleep(0.2)
    other = replace(outbound, key="other", target=ours.remote_id)
    acts = {
        "topic": replace(other, target=None, text="Encore un sujet"),
        "reply": answer,
        "like": replace(answer, kind=ActionKind.REACT, text=""),
        "correct": replace(other, kind=ActionKind.CORRECT, text="Mieux dit"),
        "hide": replace(other, kind=ActionKind.HIDE, text=""),
        "delete": replace(other, kind=ActionKind.DELETE, text=""),
    }
    assert port.find(acts[kind]) is None
    lost(port, acts[kind], hostile)
    before = json.dumps(forum.state)
    assert settled(port, acts[kind]) is not None
    assert json.dumps(forum.state) == before, "looking changes nothing"


class TestLooking:
    def test_what_the_public_sees(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        sent = port.send(outbound)
        time.sleep(0.2)
        looked = replace(outbound, target=sent.remote_id)
        post = forum.state["posts"][sent.remote_id]
        post["likes"] = 3
        seen = port.look(looked)
        assert (seen.state, seen.reactions, seen.replies, seen.shares) == (SentState.PUBLISHED, 3, 0, None)
        post["raw"] = post["raw"].replace("Bonjour", "Bonsoir")
        assert port.look(looked).state is SentState.EDITED
        post["hidden"] = True
        assert port.look(looked).state is SentState.GONE


class TestAccount:
    def test_who_it_is(self, port: Port, outbound: Outbound) -> None:
        account = port.check(outbound.settings, outbound.secret)
        assert (account.handle, account.missing) == (USER, ())
        assert account.url == f"{outbound.settings['site']}/u/{USER}"

    def test_a_category_that_is_closed_to_it(self, port: Port, outbound: Outbound, forum: Discourse) -> None:
        forum.may_write = False
        assert port.check(outbound.settings, outbound.secret).missing == ("topics",)
        assert port.check({**outbound.settings, "category": 99}, outbound.secret).missing == ("topics",)
        error = failure(port, outbound)
        assert (error.code, error.permanent, error.maybe_sent) == ("not_permitted", True, False)

    def test_a_wrong_key_is_told_from_a_forbidden_act(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        error = failure(port, replace(outbound, secret=Secrets({"api_key": "x" * 64})))
        assert (error.code, error.permanent, error.maybe_sent) == ("credentials_refused", True, False)
        assert failure(port, replace(outbound, secret=NO_SECRETS)).code == "credentials_refused"
        assert effects() == 0


def test_a_limit_that_only_the_body_names(port: Port, outbound: Outbound, forum: Discourse) -> None:
    forum.limited = 90
    error = failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == ("too_many_requests", False, False)
    assert error.retry_at is not None and 80 < (error.retry_at - datetime.now(UTC)).total_seconds() <= 90


def test_the_key_goes_to_no_other_server(port: Port, outbound: Outbound, hostile: Hostile) -> None:
    class Thief(Discourse):
        def answer(self, ask: Any) -> Any:
            stolen.append(ask.head)
            return 200, {}

    class Sender(Discourse):
        def answer(self, ask: Any) -> Any:
            return 302, None, {"Location": f"{thief}/"}

    stolen: list[dict[str, str]] = []
    with serving(Thief()) as thief, serving(Sender()) as sender:
        moved = replace(outbound, settings={**outbound.settings, "site": sender})
        with pytest.raises(SendFailed):
            port.check(moved.settings, moved.secret)
        port.find(moved)
    assert stolen and not any("api-key" in head for head in stolen)


def test_over_an_open_line_it_is_not_connected(outbound: Outbound, settings: Any) -> None:
    connector_for("discourse").check_settings(outbound.settings, outbound.secret)
    settings.ALLOW_PRIVATE_HOSTS = False
    with pytest.raises(Invalid) as refused:
        connector_for("discourse").check_settings(outbound.settings, outbound.secret)
    assert (refused.value.code, refused.value.field) == ("https_required", "site")
