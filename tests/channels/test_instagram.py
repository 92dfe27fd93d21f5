"""Instagram against a fake written to the documentation of the Graph API. Not run against the live service."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.instagram.connector import InstagramConnector
from clients.channels.port import Idempotency, MediaFile, Outbound, Proven, SendFailed, SentState
from clients.channels.secret import NO_SECRETS, Secrets
from tenants.errors import Invalid
from tests.channels.contract import CANARY, Effects, HostileContract, SendingContract, deliver, prepared, quick
from tests.channels.fakes.facebook import wrong
from tests.channels.fakes.instagram import ACCOUNT, NO_SUCH_FIELD, TOKEN, Instagram
from tests.channels.fakes.serving import Ask, serving
from tests.channels.hostile import Hostile, standing_before


@pytest.fixture
def network() -> Instagram:
    found = Instagram()
    found.token = TOKEN + CANARY
    return found


@pytest.fixture
def hostile(network: Instagram) -> Iterator[Hostile]:
    with serving(network) as url, standing_before(url) as found:
        yield found


@pytest.fixture
def port(hostile: Hostile) -> Port:
    return quick(type("Here", (InstagramConnector,), {"api": hostile.url})())


@pytest.fixture
def effects(network: Instagram) -> Effects:
    return lambda: len(network.visible)


@pytest.fixture
def picture() -> MediaFile:
    """The one format that Instagram takes, lent at an address."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, format="JPEG")
    return MediaFile(out.getvalue(), "image/jpeg", "Un carré rouge", "https://maison.example/m/lent")


@pytest.fixture
def outbound(outbound: Outbound, picture: MediaFile) -> Outbound:
    secret = Secrets({"access_token": TOKEN + CANARY})
    return replace(outbound, settings={"account": ACCOUNT}, secret=secret, moment=datetime.now(UTC), media=(picture,))


@pytest.fixture
def reply(outbound: Outbound, network: Instagram) -> Outbound:
    return replace(outbound, kind=ActionKind.ANSWER, target=network.seed(), text="Merci !", media=())


def refusal(port: Port, outbound: Outbound) -> tuple[str, bool, bool]:
    with pytest.raises(SendFailed) as refused:
        deliver(port, outbound)
    return refused.value.code, refused.value.permanent, refused.value.maybe_sent


class TestContract(SendingContract):
    kind = "instagram"
    found_by_words = True

    def test_the_same_key_again(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Instagram lists no containers: preparing again makes another that nobody sees; each is published once."""
        draft = port.prepare(outbound)
        assert draft and port.prepare(outbound) != draft and effects() == 0
        ready = replace(outbound, draft=draft)
        assert port.send(ready) == port.send(ready) and effects() == 1

    def test_an_empty_act_is_refused(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """Words alone are no post there, and a picture alone is one."""
        assert refusal(port, replace(outbound, text=" \n", media=()))[0] == "text_missing"
        assert refusal(port, replace(outbound, media=())) == ("media_too_few", True, False)
        assert effects() == 0
        deliver(port, replace(outbound, text=""))
        assert effects() == 1

    def test_taking_a_post_back(self, port: Port, outbound: Outbound, effects: Effects) -> None:
        """A post stays, whatever is asked over this API; a comment goes, and twice is once."""
        sent = deliver(port, outbound)
        away = replace(outbound, kind=ActionKind.DELETE, target=sent.remote_id, text="", media=())
        assert refusal(port, away) == ("target_not_a_comment", True, False)
        hidden = replace(away, kind=ActionKind.HIDE)
        assert refusal(port, hidden) == ("target_not_a_comment", True, False)
        assert effects() == 1


class TestHostile(HostileContract):
    pass


class TestHostileReply(HostileContract):
    @pytest.fixture
    def outbound(self, reply: Outbound) -> Outbound:
        return reply


def test_it_says_that_it_was_never_run_against_the_live_service(port: Port) -> None:
    assert port.declares.proven is Proven.DOCUMENTATION


def test_posts_have_drafts_and_answers_are_looked_for(port: Port) -> None:
    found = {kind: port.declares.idempotency_of(kind) for kind in (ActionKind.PUBLISH, ActionKind.ANSWER)}
    assert found == {ActionKind.PUBLISH: Idempotency.TWO_PHASE, ActionKind.ANSWER: Idempotency.LOOK_UP}


def test_a_carousel_shows_its_pictures_in_order_with_their_words(
    port: Port, outbound: Outbound, network: Instagram, picture: MediaFile
) -> None:
    media = tuple(picture._replace(alt=f"Vue {n}", url=f"{picture.url}{n}") for n in range(7))
    sent = deliver(port, replace(outbound, media=media))
    post = network.state["posts"][sent.remote_id]
    assert [each["alt_text"] for each in post["pictures"]] == [f"Vue {n}" for n in range(7)]
    assert [each["image_url"] for each in post["pictures"]] == [file.url for file in media]
    assert sent.url == f"https://www.instagram.com/p/{sent.remote_id}/"


def test_a_link_stands_in_the_words(port: Port, outbound: Outbound, network: Instagram) -> None:
    sent = deliver(port, replace(outbound, link="https://maison.example/"))
    assert network.state["posts"][sent.remote_id]["caption"].endswith("\nhttps://maison.example/")


@pytest.mark.parametrize(("count", "goes"), [(30, True), (31, False)])
def test_thirty_hashtags_and_no_more(port: Port, outbound: Outbound, count: int, goes: bool) -> None:
    tagged = replace(outbound, text=" ".join(f"#mer{n}" for n in range(count)))
    if goes:
        assert deliver(port, tagged).state is SentState.PUBLISHED
    else:
        assert refusal(port, tagged) == ("hashtags_too_many", True, False)


class TestFirstComment:
    @pytest.fixture
    def commented(self, outbound: Outbound) -> Outbound:
        return replace(outbound, first_comment="#port #marée")

    def test_it_stands_under_the_post_once(
        self, port: Port, commented: Outbound, network: Instagram, effects: Effects
    ) -> None:
        ready = prepared(port, commented)
        sent = port.send(ready)
        assert port.send(ready) == sent and effects() == 2
        (comment,) = network.state["comments"].values()
        assert (comment["on"], comment["text"]) == (sent.remote_id, "#port #marée")

    def test_one_that_fails_leaves_a_post_that_is_out(
        self, port: Port, commented: Outbound, network: Instagram, monkeypatch: pytest.MonkeyPatch, effects: Effects
    ) -> None:
        ready = prepared(port, commented)
        with monkeypatch.context() as broken:
            broken.setattr(network, "_comments", lambda *_: wrong(10))
            with pytest.raises(SendFailed) as failed:
                port.send(ready)
        assert (failed.value.code, failed.value.maybe_sent, effects()) == ("scope_missing", True, 1)
        port.send(ready)
        assert effects() == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("IN_PROGRESS", ("media_not_ready", False, False)),
        ("ERROR", ("content_refused", True, False)),
        ("EXPIRED", ("draft_expired", True, False)),
        ("WHATEVER", ("answer_unreadable", False, False)),
    ],
)
def test_what_a_container_says_of_itself(
    port: Port, outbound: Outbound, network: Instagram, status: str, expected: tuple[str, bool, bool], effects: Effects
) -> None:
    ready = prepared(port, outbound)
    container = network.state["containers"][ready.draft.partition("@")[0]]
    container["status"] = status
    with pytest.raises(SendFailed) as refused:
        port.send(ready)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == expected and effects() == 0
    container["status"] = "FINISHED"
    assert port.send(ready).state is SentState.PUBLISHED and effects() == 1


class TestAPublicationThatNobodySawEnd:
    """The container says that it is out; which post it is, its words since the draft must say."""

    @pytest.fixture
    def ready(self, port: Port, outbound: Outbound, hostile: Hostile) -> Outbound:
        ready = prepared(port, outbound)
        hostile.mode = "lose_answer"
        with pytest.raises(SendFailed):
            port.send(ready)
        hostile.mode = ""
        return ready

    def test_it_is_the_only_one_with_our_words(
        self, port: Port, ready: Outbound, network: Instagram, effects: Effects
    ) -> None:
        network.seed_post("Autre chose")
        assert port.find(ready) == port.send(ready) and effects() == 1

    def test_an_older_one_with_the_same_words_is_another(self, port: Port, ready: Outbound, network: Instagram) -> None:
        old = network.seed_post(ready.text)
        network.state["posts"][old]["timestamp"] = (datetime.now(UTC) - timedelta(days=7)).isoformat()
        assert port.send(ready).remote_id != old

    def test_one_without_words_is_known_by_nobody(
        self, port: Port, outbound: Outbound, hostile: Hostile, effects: Effects
    ) -> None:
        ready = prepared(port, replace(outbound, text=""))
        hostile.mode = "lose_answer"
        for _ in range(2):
            with pytest.raises(SendFailed) as doubtful:
                port.send(ready)
            assert doubtful.value.maybe_sent and not doubtful.value.permanent
            hostile.mode = ""
        assert doubtful.value.code == "cannot_look_up" and effects() == 1

    def test_of_two_a_person_decides(self, port: Port, ready: Outbound, network: Instagram, effects: Effects) -> None:
        network.seed_post(ready.text)
        for ask in (port.send, port.find):
            with pytest.raises(SendFailed) as doubtful:
                ask(ready)
            assert (doubtful.value.code, doubtful.value.permanent) == ("cannot_look_up", False)
            assert doubtful.value.maybe_sent
        assert effects() == 1


def test_what_is_not_published_is_not_found(port: Port, outbound: Outbound, network: Instagram) -> None:
    ready = prepared(port, outbound)
    network.seed_post(outbound.text)  # somebody else's hand, on the same day, with the same words
    assert port.find(ready) is None


def test_the_limit_of_a_day_is_asked_before_anything_is_made(
    port: Port, outbound: Outbound, network: Instagram
) -> None:
    network.quota = 1
    deliver(port, outbound)
    with pytest.raises(SendFailed) as refused:
        port.prepare(replace(outbound, key="k2"))
    assert (refused.value.code, refused.value.permanent) == ("daily_limit", False)
    assert refused.value.retry_at is not None and len(network.state["containers"]) == 1


def test_a_picture_that_cannot_be_fetched(
    port: Port, outbound: Outbound, network: Instagram, picture: MediaFile
) -> None:
    network.fetch = lambda url: False
    assert refusal(port, outbound) == ("media_not_fetched", False, False)
    network.fetch = lambda url: True
    assert refusal(port, replace(outbound, media=(picture._replace(url=""),))) == ("media_not_fetched", True, False)
    deliver(port, outbound)


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (wrong(190), "credentials_refused", True),
        (wrong(10), "scope_missing", True),
        (wrong(80002), "too_many_requests", False),
        (wrong(-1, 2207001), "service_refused", False),
        (wrong(4, 2207051), "not_permitted", True),
        (wrong(9, 2207042), "daily_limit", False),
        (wrong(25, 2207050), "not_permitted", True),
        (wrong(9007, 2207027), "media_not_ready", False),
        (wrong(24, 2207008), "service_refused", False),
        (wrong(36003, 2207009), "content_refused", True),
    ],
)
def test_what_its_numbers_mean(
    port: Port, outbound: Outbound, network: Instagram, monkeypatch: pytest.MonkeyPatch, answer, code, permanent
) -> None:
    ready = prepared(port, outbound)
    monkeypatch.setattr(network, "_publish", lambda *_: answer)
    with pytest.raises(SendFailed) as refused:
        port.send(ready)
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, permanent, False)


class TestComments:
    def test_an_answer_is_found_again_only_where_it_is_ours(
        self, port: Port, reply: Outbound, network: Instagram
    ) -> None:
        post = network.state["comments"][reply.target]["on"]
        theirs = network.seed("Merci !", on=post, under=reply.target or "")
        assert port.find(reply) is None
        sent = port.send(reply)
        assert port.find(reply) == sent and sent.remote_id != theirs
        assert port.look(replace(reply, target=sent.remote_id)).state is SentState.PUBLISHED

    def test_an_answer_to_an_answer_stands_and_is_found_in_the_thread(
        self, port: Port, reply: Outbound, network: Instagram
    ) -> None:
        post = network.state["comments"][reply.target]["on"]
        deeper = replace(reply, target=network.seed("Et demain ?", on=post, under=reply.target or ""))
        assert port.find(deeper) is None
        sent = port.send(deeper)
        assert network.state["comments"][sent.remote_id]["parent_id"] == reply.target and port.find(deeper) == sent

    def test_a_page_without_ours_that_is_not_the_last_is_no_no(
        self, port: Port, reply: Outbound, network: Instagram
    ) -> None:
        post = network.state["comments"][reply.target]["on"]
        for n in range(50):
            network.seed(f"Oui {n}", on=post, under=reply.target or "")
        with pytest.raises(SendFailed) as doubtful:
            port.find(reply)
        assert (doubtful.value.code, doubtful.value.maybe_sent) == ("cannot_look_up", True)

    def test_hiding_and_showing_again(self, port: Port, reply: Outbound, network: Instagram) -> None:
        for kind, hidden in ((ActionKind.HIDE, True), (ActionKind.UNHIDE, False)):
            act = replace(reply, kind=kind, text="")
            assert port.find(act) is None
            for _ in range(2):
                deliver(port, act)
            assert network.state["comments"][reply.target]["hidden"] is hidden and port.find(act) is not None

    def test_deleting_twice_is_once(self, port: Port, reply: Outbound, network: Instagram) -> None:
        away = replace(reply, kind=ActionKind.DELETE, text="")
        assert port.find(away) is None
        for _ in range(2):
            assert deliver(port, away).state is SentState.GONE
        assert reply.target not in network.state["comments"] and port.find(away) is not None

    @pytest.mark.parametrize("target", ["../me", "1?x=1", "me/accounts", "१२३", "1_2", "007"])
    def test_only_ids_go_into_addresses(self, port: Port, reply: Outbound, target: str) -> None:
        for kind in (ActionKind.ANSWER, ActionKind.HIDE, ActionKind.DELETE):
            assert refusal(port, replace(reply, kind=kind, target=target)) == ("target_not_here", True, False)


class TestLooking:
    def test_words_that_were_changed_in_the_app(self, port: Port, outbound: Outbound, network: Instagram) -> None:
        sent = deliver(port, outbound)
        network.seed(on=sent.remote_id)
        looked = port.look(replace(outbound, target=sent.remote_id))
        assert (looked.state, looked.replies, looked.reactions) == (SentState.PUBLISHED, 1, 3)
        network.state["posts"][sent.remote_id]["caption"] = "Tout autre chose"
        assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.EDITED

    def test_gone_is_gone(self, port: Port, outbound: Outbound) -> None:
        assert port.look(replace(outbound, target="178419999")).state is SentState.GONE


def test_a_scope_that_was_taken_back_is_named(port: Port, outbound: Outbound, network: Instagram) -> None:
    account = port.check(outbound.settings, outbound.secret)
    assert (account.handle, account.url) == ("@maison.du.port", "https://www.instagram.com/maison.du.port/")
    assert account.missing == ()
    network.granted = network.granted[:-1]
    assert port.check(outbound.settings, outbound.secret).missing == ("pages_read_engagement",)


def test_an_account_is_a_number(port: Port) -> None:
    port.check_settings({"account": ACCOUNT}, NO_SECRETS)
    with pytest.raises(Invalid, match="not_a_number"):
        port.check_settings({"account": "maison"}, NO_SECRETS)


def test_the_fake_publishes_a_container_once_and_deletes_no_post() -> None:
    """What the documentation says is refused, the fake refuses: else the tests above would prove nothing."""
    network = Instagram()
    head = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-www-form-urlencoded"}

    def told(method: str, path: str, body: bytes = b"") -> tuple[int, dict]:
        return network.answer(Ask(method, path, {}, head, body))[:2]

    made = told("POST", f"/{ACCOUNT}/media", b"image_url=https%3A%2F%2Fa.example%2Fm")[1]["id"]
    publish = f"creation_id={made}".encode()
    post = told("POST", f"/{ACCOUNT}/media_publish", publish)[1]["id"]
    assert told("POST", f"/{ACCOUNT}/media_publish", publish)[0] == 400 and len(network.state["posts"]) == 1
    assert told("DELETE", f"/{post}") == NO_SUCH_FIELD and post in network.state["posts"]
