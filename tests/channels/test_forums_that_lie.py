"""Forums that answer any JSON to anything: a connector says what it made of it, and never falls over."""

import json
import time
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.autonomy.vocabulary import ActionKind
from clients.channels.answers import Reply
from clients.channels.discourse.connector import DiscourseConnector
from clients.channels.nodebb.connector import NodebbConnector
from clients.channels.port import Account, Outbound, Seen, SendFailed, Sent
from clients.channels.secret import Secrets

CONNECTORS = {"discourse": DiscourseConnector(), "nodebb": NodebbConnector()}
NAMES = (
    "id", "topic_id", "post_number", "raw", "username", "actions_summary", "count", "acted", "deleted_at", "post_stream",
    "posts", "stream", "pending_posts", "raw_text", "action", "pending_post", "short_url", "current_user", "category",
    "permission", "visible", "response", "pid", "tid", "mainPid", "content", "queued", "userslug", "lastposttime", "data",
    "rawContent", "timestamp", "upvotes", "deleted",
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats() | st.text(max_size=5) | st.just("enqueued")
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)
# As often as not in the envelope in which the connectors expect it.
ENVELOPED = (
    ANSWERS
    | ANSWERS.map(lambda said: {"response": said})
    | ANSWERS.map(lambda said: {"post_stream": {"posts": [said], "stream": said}})
    | ANSWERS.map(lambda said: {"posts": [said], "pending_posts": [said], "userslug": "nous", "current_user": said})
)
STATUSES = st.sampled_from([200, 200, 200, 400, 403, 404, 422, 500])
NOBODY = UUID(int=1)


def act(kind: ActionKind) -> Outbound:
    return Outbound(
        key="k",
        kind=kind,
        brand_id=NOBODY,
        channel_id=NOBODY,
        text="Bonjour",
        title="Un sujet",
        recipient="jo",
        target="7",
        settings={"site": "http://127.0.0.1:9", "user": "nous", "category": 7, "uid": 0},
        secret=Secrets({"api_key": "x", "token": "x"}),
    )


@pytest.mark.parametrize("name", sorted(CONNECTORS))
@settings(max_examples=100, deadline=None)
@given(
    answers=st.lists(st.tuples(st.sampled_from([200, 200, 200, 400, 403, 404, 422, 500]), ANSWERS), min_size=1),
    data=st.data(),
)
def test_whatever_it_answers(name: str, answers: list[tuple[int, Any]], data: st.DataObject) -> None:
    connector = CONNECTORS[name]
    outbound, until = act(data.draw(st.sampled_from(sorted(connector.declares.kinds)))), time.monotonic() + 5
    told = iter(answers * 20)

    def call(method: str, url: str, **more: Any) -> Reply:
        status, said = next(told, (404, None))
        effect = more.get("effect")
        return Reply(status, {}, json.dumps(said).encode(), method != "GET" if effect is None else effect)

    queued = replace(outbound, target="queued-7" if name == "discourse" else "queued-topic-7")
    with patch.object(import_module(f"clients.channels.{name}.forum"), "call", call):
        for attempt, wanted in (
            (lambda: connector.send(outbound, until), Sent),
            (lambda: connector.find(outbound, until), Sent | None),
            (lambda: connector.look(outbound, until), Seen),
            (lambda: connector.look(queued, until), Seen),
            (lambda: connector.check(outbound.settings, outbound.secret, until), Account),
        ):
            with suppress(SendFailed):
                assert isinstance(attempt(), wanted)
