"""A mail that answers stands in the thread of what it answers, whoever wrote the ids before it."""

from uuid import uuid4

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import Outbound, SendFailed
from clients.channels.smtp.message import MOST_NAMED, build


def mail(target: str, *before: str) -> str:
    outbound = Outbound(
        key="1",
        kind=ActionKind.ANSWER,
        brand_id=uuid4(),
        channel_id=uuid4(),
        text="Oui.",
        title="Re: Question",
        target=target,
        references=before,
        settings={"from_address": "bonjour@maison.example"},
    )
    message = build(outbound, ("lea@example.org",))
    assert message["In-Reply-To"] == target
    return str(message["References"])


def test_the_first_comes_first_and_what_is_answered_last() -> None:
    assert mail("<c@x.example>", "<a@x.example>", "<b@x.example>") == "<a@x.example> <b@x.example> <c@x.example>"
    assert mail("<a@x.example>") == "<a@x.example>"
    assert mail("<b@x.example>", "<a@x.example>", "<b@x.example>", "<a@x.example>") == "<a@x.example> <b@x.example>"


def test_what_is_no_id_of_a_mail_becomes_no_header() -> None:
    assert mail("<b@x.example>", "<a@x.example>\r\nBcc: x@y.example", "nothing") == "<b@x.example>"
    with pytest.raises(SendFailed, match="target_not_a_message"):
        mail("nothing", "<a@x.example>")


def test_of_a_long_thread_the_first_and_the_last_are_named() -> None:
    named = mail("<z@x.example>", *(f"<{n}@x.example>" for n in range(100))).split()
    assert len(named) == MOST_NAMED
    assert named[0] == "<0@x.example>"
    assert named[-2:] == ["<99@x.example>", "<z@x.example>"]
