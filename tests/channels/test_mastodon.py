"""Mastodon against a fake written from its documentation: servers that remember keys, that do not, and that speak little."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.mastodon.connector import CONNECTOR, MastodonConnector
from clients.channels.mastodon.words import addressed, narrower, plain, says
from clients.channels.port import Added, MediaFile, Outbound, SendFailed, SentState, Written
from clients.channels.rules import validate_content
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, assert_clean, quick
from tests.channels.fakes.mastodon import Mastodon
from tests.channels.fakes.serving import serving
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def network() -> Iterator[Mastodon]:
    network = Mastodon()
    network.token = CANARY
    with serving(network):
        yield network


@pytest.fixture
def hostile(network: Mastodon) -> Iterator[Hostile]:
    with standing_before(network.url) as hostile:
        yield hostile


@pytest.fixture
def port() -> Port:
    return quick(CONNECTOR, 3.0)


@pytest.fixture
def outbound(outbound: Outbound, hostile: Hostile) -> Outbound:
    settings, secrets = clean_settings(
        MastodonConnector.fields, {"site": hostile.url, "access_token": CANARY, "language": "fr"}
    )
    moment = datetime.now(UTC)
    return replace(outbound, settings=settings, secret=Secrets(secrets), moment=moment)


@pytest.fixture
def effects(network: Mastodon) -> Effects:
    return lambda: len(network.ours)


class TestContract(SendingContract):
    kind = "mastodon"
    found_by_words = True


class TestHostile(HostileContract):
    pass


class TestKeyless:
    """The whole contract against a server that knows no Idempotency-Key: there the look-up alone keeps acts single.

    Each call is told, as the gate tells every repeat, since when an earlier one may have had its effect.
    """

    @pytest.fixture
    def outbound(self, outbound: Outbound, network: Mastodon) -> Outbound:
        network.keyless = True
        return replace(outbound, begun=outbound.moment)

    class TestContract(SendingContract):
        kind = "mastodon"
        found_by_words = True

    class TestHostile(HostileContract):
        pass


def failure(port: Port, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        port.send(outbound)
    assert_clean(failed.value)
    return failed.value


def test_what_is_posted(port: Port, outbound: Outbound, network: Mastodon) -> None:
    sent = port.send(replace(outbound, link="https://example.org/a"))
    status = network.ours[0]
    assert status["text"] == f"{outbound.text}\nhttps://example.org/a"
    assert (status["visibility"], status["language"]) == ("public", "fr")
    assert (sent.remote_id, sent.url) == (status["id"], f"{network.url}/@marque/{status['id']}")


@pytest.mark.parametrize(
    "text",
    [
        "Deux lignes\net une\n\nautre : https://example.org/a?b=1&c=2",
        "<b>pas du HTML</b> & cie",
        "Merci @amie@ailleurs.example et @toi !",
        "e\u0301te\u0301 👨‍👩‍👧 #fête",
        "  au milieu   des blancs  ",
    ],
)
@pytest.mark.parametrize("keyless", [False, True])
def test_a_repeat_finds_its_words_however_they_are_dressed(
    port: Port, outbound: Outbound, network: Mastodon, text: str, keyless: bool
) -> None:
    network.keyless = keyless
    act = replace(outbound, text=text)
    sent, again = port.send(act), replace(act, begun=act.moment)
    assert sent == port.send(again) == port.find(again)
    assert len(network.ours) == 1
    assert port.look(replace(act, target=sent.remote_id)).state is SentState.PUBLISHED


def test_two_acts_with_the_same_words_are_two(port: Port, outbound: Outbound, network: Mastodon) -> None:
    """Both were approved, and both are meant: a first call takes nothing that is there for its own."""
    one, other = port.send(outbound), port.send(replace(outbound, key="other"))
    assert one != other and len(network.ours) == 2


def test_a_repeat_of_the_second_takes_the_first_for_nothing_but_what_it_is(
    port: Port, outbound: Outbound, network: Mastodon
) -> None:
    """The words of last Monday, in a series whose acts were all cleared long before."""
    network.keyless = True
    monday = port.send(outbound)
    network.state["statuses"][monday.remote_id]["created_at"] = "2026-01-05T08:00:00.000Z"
    act = replace(outbound, key="next", moment=datetime(2026, 1, 1, tzinfo=UTC), begun=datetime.now(UTC))
    assert port.find(act) is None
    tuesday = port.send(act)
    assert tuesday != monday and port.send(act) == tuesday and len(network.ours) == 2


def test_a_repeat_compares_pictures_and_privacy_and_knows_nothing_without_words(
    port: Port, outbound: Outbound, network: Mastodon, picture: MediaFile
) -> None:
    network.keyless = True
    again = replace(outbound, begun=outbound.moment)
    shown = port.send(replace(outbound, media=(picture,)))
    assert port.find(replace(again, media=(picture,))) == shown
    assert port.find(again) is None
    private = port.send(replace(outbound, kind=ActionKind.DIRECT_MESSAGE, recipient="marque", text="@marque bon"))
    assert port.find(replace(again, text="@marque bon")) is None and private.remote_id
    wordless = replace(again, text="", media=(picture,))
    assert port.find(wordless) is None
    port.send(replace(wordless, begun=None))
    for ask in (port.find, port.send):
        with pytest.raises(SendFailed) as unknowable:
            ask(wordless)
        assert (unknowable.value.code, unknowable.value.maybe_sent) == ("cannot_look_up", True)


def test_the_same_words_from_before_the_act_are_another_act(port: Port, outbound: Outbound, network: Mastodon) -> None:
    network.keyless = True
    port.send(replace(outbound, moment=outbound.moment - timedelta(hours=1)))
    later = replace(outbound, key="later", moment=datetime.now(UTC) + timedelta(seconds=6))
    assert port.find(later) is None
    port.send(later)
    assert len(network.ours) == 2


class TestPictures:
    def test_one_that_is_processed_later(
        self, port: Port, outbound: Outbound, network: Mastodon, picture: MediaFile
    ) -> None:
        network.slow = 2
        slow = quick(CONNECTOR, 6.0)
        slow.send(replace(outbound, media=(picture, picture._replace(alt="Un autre"))))
        kept = [network.state["media"][number] for number in network.ours[0]["media"]]
        assert [each["alt"] for each in kept] == [picture.alt, "Un autre"] and kept[0]["size"] == len(picture.data)

    def test_one_that_is_never_ready(self, outbound: Outbound, network: Mastodon, picture: MediaFile) -> None:
        network.slow = 1000
        error = failure(quick(CONNECTOR, 4.0), replace(outbound, media=(picture,)))
        assert (error.code, error.permanent, error.maybe_sent) == ("media_not_ready", False, False)
        assert not network.ours

    def test_a_server_of_old(self, port: Port, outbound: Outbound, network: Mastodon, picture: MediaFile) -> None:
        network.old = True
        port.send(replace(outbound, media=(picture,)))
        assert len(network.ours[0]["media"]) == 1

    def test_correcting_the_words_keeps_them(
        self, port: Port, outbound: Outbound, network: Mastodon, picture: MediaFile
    ) -> None:
        sent = port.send(replace(outbound, media=(picture,)))
        port.send(replace(outbound, key="c", kind=ActionKind.CORRECT, target=sent.remote_id, text="Mieux"))
        assert network.ours[0]["text"] == "Mieux" and len(network.ours[0]["media"]) == 1


class TestAnswering:
    def test_tells_the_other_and_is_no_wider(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        theirs = network.seed("Une question", visibility="private")
        answer = replace(outbound, kind=ActionKind.ANSWER, target=theirs)
        sent = port.send(answer)
        status = network.ours[0]
        assert status["text"] == f"@amie@ailleurs.example {outbound.text}" and status["in_reply_to_id"] == theirs
        assert status["visibility"] == "private"
        assert port.send(answer) == sent == port.find(answer) and len(network.ours) == 1
        assert port.look(replace(answer, target=sent.remote_id)).state is SentState.PUBLISHED

    def test_the_same_thanks_to_two_people(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        network.keyless = True
        one, other = (replace(outbound, kind=ActionKind.ANSWER, target=network.seed(t), key=t) for t in ("a", "b"))
        assert port.send(one) != port.send(other) and len(network.ours) == 2

    def test_what_is_gone(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        error = failure(port, replace(outbound, kind=ActionKind.ANSWER, target="1/../2"))
        assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)

    def test_one_name_of_a_post_alone_is_answered(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        """A server that finds it by another spelling would let an answer past whoever holds the conversation."""
        theirs = network.seed("Bravo")
        for kind in (ActionKind.ANSWER, ActionKind.REACT):
            error = failure(port, replace(outbound, kind=kind, target=f"00{theirs}"))
            assert (error.code, error.permanent, error.maybe_sent) == ("target_gone", True, False)
        assert network.ours == []
        port.send(replace(outbound, kind=ActionKind.ANSWER, target=theirs))

    @pytest.mark.parametrize("recipient", ["ann.", "ann@b.example.", "@@ann", "ann,", "ann et bob"])
    def test_a_name_that_would_be_read_otherwise_is_nobodys(
        self, port: Port, outbound: Outbound, network: Mastodon, recipient: str
    ) -> None:
        error = failure(port, replace(outbound, kind=ActionKind.DIRECT_MESSAGE, recipient=recipient))
        assert (error.code, error.permanent, error.maybe_sent) == ("recipient_not_a_user", True, False)
        assert network.ours == []

    def test_a_direct_message(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, recipient="@amie@ailleurs.example")
        sent = port.send(message)
        assert (network.ours[0]["visibility"], network.ours[0]["text"]) == (
            "direct",
            f"@amie@ailleurs.example {outbound.text}",
        )
        assert port.find(message) == sent == port.send(message) and len(network.ours) == 1


class TestChanging:
    def test_a_favourite(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        theirs = network.seed("Bravo")
        like = replace(outbound, kind=ActionKind.REACT, text="", target=theirs)
        assert port.find(like) is None
        assert port.send(like) == port.send(like) == port.find(like)
        assert port.look(replace(outbound, target=theirs)).reactions == 1

    def test_a_correction_happens_once(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        other = replace(outbound, key="c", kind=ActionKind.CORRECT, target=port.send(outbound).remote_id, text="Mieux")
        assert port.find(other) is None
        assert port.send(other) == port.send(other) == port.find(other)
        assert network.ours[0]["edits"] == 1

    def test_a_server_that_cannot_edit(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        sent, network.old = port.send(outbound), True
        error = failure(port, replace(outbound, kind=ActionKind.CORRECT, target=sent.remote_id, text="Mieux"))
        assert (error.code, error.permanent, error.maybe_sent) == ("kind_not_supported", True, False)

    def test_taking_back_is_found(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        away = replace(outbound, key="d", kind=ActionKind.DELETE, text="", target=port.send(outbound).remote_id)
        assert port.find(away) is None
        assert port.send(away) == port.find(away)

    def test_what_is_not_ours(self, port: Port, outbound: Outbound, network: Mastodon) -> None:
        theirs = network.seed("Pas à nous")
        port.send(replace(outbound, kind=ActionKind.DELETE, text="", target=theirs))
        assert theirs in network.state["statuses"]


def test_a_thread_hangs_together_and_is_completed(
    port: Port, outbound: Outbound, network: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.keyless = True
    thread = replace(outbound, parts=("Deux", "Trois"))
    whole, allowed = network.answer, [1, 2]

    def breaking(ask: Any) -> Any:
        return (500, {}) if ask.method == "POST" and not (allowed and allowed.pop()) else whole(ask)

    monkeypatch.setattr(network, "answer", breaking)
    error = failure(port, thread)
    assert (error.code, error.maybe_sent, len(network.ours)) == ("service_refused", True, 2)
    monkeypatch.undo()
    first = port.send(replace(thread, begun=thread.moment))
    assert [each["text"] for each in network.ours] == [outbound.text, "Deux", "Trois"]
    ids = [each["id"] for each in network.ours]
    assert [each["in_reply_to_id"] for each in network.ours] == [None, *ids[:2]] and first.remote_id == ids[0]


def test_a_token_that_may_not_write(port: Port, outbound: Outbound, network: Mastodon) -> None:
    network.scopes = ("read",)
    error = failure(port, outbound)
    assert (error.code, error.permanent, error.maybe_sent) == ("scope_missing", True, False)
    account = port.check(outbound.settings, outbound.secret)
    assert account.handle == "@marque" and account.missing == ("write:statuses", "write:media", "write:favourites")


def test_a_server_that_lists_nothing(port: Port, outbound: Outbound, network: Mastodon) -> None:
    """It still remembers keys; what a crash hid there nobody can look up."""
    network.blind = True
    assert port.send(outbound) == port.send(outbound) and len(network.ours) == 1
    with pytest.raises(SendFailed) as unknowable:
        port.find(outbound)
    assert unknowable.value.code == "cannot_look_up" and unknowable.value.maybe_sent


def test_words() -> None:
    takes = MastodonConnector.declares
    assert addressed("Oui", "amie@b.example", takes) == "@amie@b.example Oui"
    assert addressed("Oui @Amie@b.example", "amie@b.example", takes) == "Oui @Amie@b.example"
    assert addressed("x" * 494, "amie@b.example", takes).startswith("@")
    assert addressed("x" * 495, "amie@b.example", takes) == "x" * 495
    assert (narrower("public", "direct"), narrower("unlisted", "public")) == ("direct", "unlisted")
    assert plain("<p>a<br>b &amp; c</p><p>d</p>") == "a\nb & c\nd\n"
    assert not says({"content": "<p>autre</p>"}, "une")


@pytest.mark.parametrize(
    ("text", "goes_out"),
    [
        ("Entre nous", "@ann Entre nous"),
        ("@Ann, entre nous", "@Ann, entre nous"),
        ("Entre nous (@ann).", "Entre nous (@ann)."),
        ("Écrivez à x@ann.example", "@ann Écrivez à x@ann.example"),
        ("Voyez https://a.example/@bob", "@ann Voyez https://a.example/@bob"),
    ],
)
def test_a_direct_message_reaches_its_recipient(
    port: Port, outbound: Outbound, network: Mastodon, text: str, goes_out: str
) -> None:
    message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, text=text, link="", media=(), parts=(), recipient="ann")
    port.send(message)
    (status,) = network.ours
    assert (status["text"], status["visibility"]) == (goes_out, "direct")


OTHERS = [
    "Voyez @anna",
    "Voyez @ann@b.example",
    "Voyez @ann.b",
    "Avec @bob et @ann",
    "(@bob)",
    ".@bob",
    "@ann @Bob@c.example",
]


@pytest.mark.parametrize("text", OTHERS)
def test_a_direct_message_reaches_nobody_else(port: Port, outbound: Outbound, network: Mastodon, text: str) -> None:
    """There everybody whom its text names receives it: who approved it was shown one recipient."""
    message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, recipient="@ann")
    for told in (replace(message, text=text), replace(message, text="Bonjour", parts=(text,))):
        error = failure(port, told)
        assert (error.code, error.permanent, error.maybe_sent) == ("others_named", True, False)
    (wrong,) = validate_content(text, (), port.declares, kind=ActionKind.DIRECT_MESSAGE, recipient="@ann")
    assert (wrong.code, wrong.field) == ("others_named", "text")
    port.send(replace(message, kind=ActionKind.PUBLISH, text=text))
    assert len(network.ours) == 1, "in public everybody may be named"


@pytest.mark.parametrize("text", ["Entre nous", "Bonjour @ann"])
def test_what_is_added_is_what_is_told_to_who_approves(
    port: Port, outbound: Outbound, network: Mastodon, text: str
) -> None:
    message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, text=text, recipient="@ann")
    added = port.adds(Written(kind=message.kind, text=text, recipient="@ann"))
    port.send(message)
    assert network.ours[0]["text"] == f"{added.before} {text}".strip()
    post, answer = (port.adds(Written(kind=kind, text=text)) for kind in (ActionKind.PUBLISH, ActionKind.ANSWER))
    assert post == Added() and answer.author_named


@pytest.mark.parametrize("visibility", ["direct", "public"])
def test_nor_does_what_answers_one(port: Port, outbound: Outbound, network: Mastodon, visibility: str) -> None:
    answer = replace(outbound, kind=ActionKind.ANSWER, target=network.seed("Entre nous", visibility=visibility))
    named = replace(answer, text="Voyez avec @bob", key="b")
    if visibility == "direct":
        assert failure(port, named).code == "others_named"
    else:
        port.send(named)
    port.send(answer)
    assert len(network.ours) == (1 if visibility == "direct" else 2)


def test_a_direct_message_without_room_for_its_recipient_does_not_leave(
    port: Port, outbound: Outbound, network: Mastodon
) -> None:
    message = replace(outbound, kind=ActionKind.DIRECT_MESSAGE, link="", media=(), recipient="ann@b.example")
    for length, errors in ((495, 0), (496, 1)):
        told = {"kind": message.kind, "recipient": message.recipient}
        assert len(validate_content("x" * length, (), port.declares, **told)) == errors, "told while it is written"
    with pytest.raises(SendFailed, match="text_too_long"):
        port.send(replace(message, text="x" * 496))
    assert not network.ours
