"""NodeBB against a fake that keeps its documented ways: every kind of act, found again after every kind of break."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.nodebb.connector import NodebbConnector
from clients.channels.port import Outbound, SendFailed, Sent, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, assert_clean, quick
from tests.channels.fakes.nodebb import CATEGORY, MASTER, SLUG, TOKEN, UID, Nodebb, accept
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def forum() -> Nodebb:
    found = Nodebb()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(forum: Nodebb) -> Iterator[Hostile]:
    with serving(forum) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port() -> Port:
    return quick(NodebbConnector())


@pytest.fixture
def effects(forum: Nodebb) -> Effects:
    return lambda: len(forum.visible)


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    given = {"site": hostile.url, "category": CATEGORY, "token": TOKEN + CANARY}
    settings, secrets = clean_settings(NodebbConnector.fields, given)
    now = datetime.now(UTC)
    return replace(outbound, title="Un sujet", settings=settings, secret=Secrets(secrets), moment=now)


@pytest.fixture
def answer(outbound: Outbound, forum: Nodebb) -> Outbound:
    question = str(forum.seed("Où est la sortie ?"))
    return replace(outbound, kind=ActionKind.ANSWER, title="", target=question, text="Au fond à gauche")


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


def lost(port: Port, outbound: Outbound, hostile: Hostile) -> None:
    """Send, and never hear the answer."""
    hostile.mode = "lose_answer"
    assert failure(port, outbound).maybe_sent
    hostile.mode = ""


class TestContract(SendingContract):
    kind = "nodebb"


class TestHostile(HostileContract):
    """As it is."""


class TestHostileReply(HostileContract):
    @pytest.fixture
    def outbound(self, answer: Outbound) -> Outbound:
        return answer


def test_a_topic_with_its_title_and_place(port: Port, outbound: Outbound, forum: Nodebb) -> None:
    sent = port.send(replace(outbound, link="https://example.org/a"))
    topic, post = forum.state["topics"]["1"], forum.state["posts"][sent.remote_id]
    assert (topic["title"], topic["cid"], topic["mainPid"]) == ("Un sujet", CATEGORY, post["pid"])
    assert post["content"].startswith(f"{outbound.text}\nhttps://example.org/a\n\n[//]: # (relais:")
    assert outbound.key not in json.dumps(forum.state)
    assert (sent.url, sent.state) == (f"{outbound.settings['site']}/post/{sent.remote_id}", SentState.PUBLISHED)


def test_a_topic_needs_a_title(port: Port, outbound: Outbound, effects: Effects) -> None:
    error = failure(port, replace(outbound, title=" "))
    assert (error.code, error.permanent, error.maybe_sent, effects()) == ("title_missing", True, False, 0)


def test_a_reply_stands_under_the_question(port: Port, answer: Outbound, forum: Nodebb) -> None:
    post = forum.state["posts"][port.send(answer).remote_id]
    assert (post["tid"], post["toPid"]) == (1, 1)


def test_two_answers_with_the_same_words_are_two(port: Port, answer: Outbound, effects: Effects) -> None:
    port.send(answer)
    second = replace(answer, key="second")
    assert port.find(second) is None
    sent = port.send(second)
    assert effects() == 2 and port.find(second) == sent


def test_what_is_older_than_the_act_is_not_opened(port: Port, answer: Outbound, forum: Nodebb) -> None:
    port.send(answer)
    assert port.find(replace(answer, moment=datetime.now(UTC) + timedelta(hours=1))) is None
    assert port.find(answer) is not None


def test_while_the_forum_is_blind_nothing_is_found(
    port: Port, answer: Outbound, forum: Nodebb, hostile: Hostile
) -> None:
    forum.delay = 30.0
    lost(port, answer, hostile)
    assert port.find(answer) is None
    forum.delay = 0.0
    assert port.find(answer) is not None


@pytest.mark.parametrize("target", ["abc", "007", "1/../2", "-1", "https://example.org/note/1", "١"])
def test_a_target_that_is_no_number_reaches_nothing(port: Port, answer: Outbound, target: str) -> None:
    error = failure(port, replace(answer, target=target))
    assert (error.code, error.permanent, error.maybe_sent) == ("target_not_a_post", True, False)


def test_a_question_that_is_gone(port: Port, answer: Outbound) -> None:
    error = failure(port, replace(answer, target="999"))
    assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)


class TestModeration:
    @pytest.fixture(autouse=True)
    def moderated(self, forum: Nodebb) -> None:
        forum.moderated = True

    @pytest.mark.parametrize("which", ["topic", "reply"])
    def test_what_waits_there_is_not_published(
        self, port: Port, outbound: Outbound, answer: Outbound, effects: Effects, which: str
    ) -> None:
        act = outbound if which == "topic" else answer
        sent = port.send(act)
        assert sent.state is SentState.QUEUED and sent.remote_id.startswith(f"queued-{which}-") and effects() == 0
        assert port.find(act) == sent

    def test_once_let_through_or_refused(self, port: Port, outbound: Outbound, forum: Nodebb) -> None:
        waiting = replace(outbound, target=port.send(outbound).remote_id)
        assert port.look(waiting).state is SentState.QUEUED
        accept(forum)
        assert port.look(waiting).state is SentState.PUBLISHED
        other = replace(outbound, key="other")
        waiting = replace(other, target=port.send(other).remote_id)
        forum.state["queue"].clear()
        assert port.look(waiting).state is SentState.GONE

    def test_lost_on_the_way_it_is_found_in_the_queue(self, port: Port, answer: Outbound, hostile: Hostile) -> None:
        lost(port, answer, hostile)
        found = port.find(answer)
        assert found is not None and found.state is SentState.QUEUED


class TestPace:
    """A post that comes too soon and one that is no good get the same 400."""

    def test_too_soon_is_tried_again_later(self, port: Port, outbound: Outbound, forum: Nodebb) -> None:
        port.send(outbound)
        forum.pace = 60
        error = failure(port, replace(outbound, key="second"))
        assert (error.code, error.permanent, error.maybe_sent) == ("too_many_requests", False, False)
        assert error.retry_at is not None and 100 < (error.retry_at - datetime.now(UTC)).total_seconds() < 121

    def test_no_good_is_not(self, port: Port, outbound: Outbound) -> None:
        error = failure(port, replace(outbound, settings={**outbound.settings, "category": 99}))
        assert (error.code, error.permanent, error.maybe_sent) == ("content_refused", True, False)


@pytest.mark.parametrize("kind", ["topic", "reply", "upvote", "correct", "hide", "unhide", "delete"])
def test_every_kind_is_found_after_a_lost_answer(
    port: Port, outbound: Outbound, answer: Outbound, hostile: Hostile, forum: Nodebb, kind: str
) -> None:
    ours, hidden = port.send(outbound), forum.seed("caché")
    forum.state["posts"][str(hidden)]["deleted"] = 1
    forum.state["topics"][str(forum.state["posts"][str(hidden)]["tid"])]["mainPid"] = 0
    other = replace(outbound, key="other", target=ours.remote_id)
    acts = {
        "topic": replace(other, target=None),
        "reply": replace(answer, key="another"),
        "upvote": replace(answer, kind=ActionKind.REACT, text=""),
        "correct": replace(other, kind=ActionKind.CORRECT, text="Mieux dit"),
        "hide": replace(answer, kind=ActionKind.HIDE, text=""),
        "unhide": replace(answer, kind=ActionKind.UNHIDE, text="", target=str(hidden)),
        "delete": replace(other, kind=ActionKind.DELETE, text=""),
    }
    assert port.find(acts[kind]) is None
    lost(port, acts[kind], hostile)
    before = json.dumps(forum.state)
    assert port.find(acts[kind]) is not None
    assert json.dumps(forum.state) == before, "looking changes nothing"


def test_a_correction_with_its_title(port: Port, outbound: Outbound, forum: Nodebb) -> None:
    sent = port.send(outbound)
    other = replace(outbound, key="o", kind=ActionKind.CORRECT, target=sent.remote_id, text="Mieux", title="Corrigé")
    assert port.send(other) == sent and forum.state["topics"]["1"]["title"] == "Corrigé"


def test_somebody_elses_words_are_not_ours_to_change(port: Port, answer: Outbound) -> None:
    error = failure(port, replace(answer, kind=ActionKind.CORRECT))
    assert (error.code, error.permanent, error.maybe_sent) == ("not_permitted", True, False)


def test_an_upvote_twice_is_one(port: Port, answer: Outbound, forum: Nodebb) -> None:
    vote = replace(answer, kind=ActionKind.REACT, text="")
    assert port.send(vote) == port.send(vote) and forum.state["posts"]["1"]["upvotes"] == 1


def test_a_topic_goes_whole_and_a_reply_alone(
    port: Port, outbound: Outbound, answer: Outbound, forum: Nodebb, effects: Effects
) -> None:
    ours, reply = port.send(outbound), port.send(answer)
    away = replace(answer, kind=ActionKind.DELETE, target=reply.remote_id, text="")
    assert port.send(away) == Sent(remote_id=reply.remote_id, state=SentState.GONE) and effects() == 1
    port.send(replace(away, target=ours.remote_id))
    assert effects() == 0 and forum.state["topics"]["2"]["deleted"] and not forum.state["topics"]["1"]["deleted"]
    assert port.send(replace(away, kind=ActionKind.UNHIDE)).state is SentState.PUBLISHED and effects() == 1


def test_what_the_public_sees(port: Port, outbound: Outbound, forum: Nodebb) -> None:
    sent = port.send(outbound)
    looked, post = replace(outbound, target=sent.remote_id), forum.state["posts"][sent.remote_id]
    post |= {"upvotes": 4, "replies": 2}
    seen = port.look(looked)
    assert (seen.state, seen.reactions, seen.replies, seen.shares) == (SentState.PUBLISHED, 4, 2, None)
    post["content"] = post["content"].replace("Bonjour", "Bonsoir")
    assert port.look(looked).state is SentState.EDITED


def test_a_master_token_acts_for_the_account_that_is_named(port: Port, outbound: Outbound, effects: Effects) -> None:
    master = replace(outbound, secret=Secrets({"token": MASTER}))
    assert failure(port, master).code == "credentials_refused" and effects() == 0
    named = replace(master, settings={**outbound.settings, "uid": UID})
    assert port.send(named) == port.find(named) and effects() == 1


def test_who_it_is(port: Port, outbound: Outbound) -> None:
    account = port.check(outbound.settings, outbound.secret)
    assert (account.handle, account.url) == ("La Marque", f"{outbound.settings['site']}/user/{SLUG}")


def test_over_an_open_line_it_is_not_connected(outbound: Outbound, settings: Any) -> None:
    connector_for("nodebb").check_settings(outbound.settings, outbound.secret)
    settings.ALLOW_PRIVATE_HOSTS = False
    with pytest.raises(Invalid) as refused:
        connector_for("nodebb").check_settings(outbound.settings, outbound.secret)
    assert (refused.value.code, refused.value.field) == ("https_required", "site")
