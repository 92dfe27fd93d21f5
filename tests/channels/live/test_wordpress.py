"""The connector against a real WordPress: the whole contract, a spoilt line before it, and what only WordPress says."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.delivery import Port
from clients.channels.port import MediaFile, Outbound, SendFailed, SentState
from clients.channels.registry import connector_for
from clients.channels.secret import Secrets
from clients.channels.wordpress.connector import NEEDED, WordPressConnector
from tests.channels.contract import Effects, HostileContract, SendingContract, deliver, prepared, quick
from tests.channels.fakes.serving import serving
from tests.channels.fakes.wordpress import WordPress
from tests.channels.hostile import Hostile, standing_before
from tests.channels.live.pictures import TITLE, WORDS, photographed, sailing_boat, shows_the_boat
from tests.channels.live.sites import brought_up
from tests.systems import wordpress

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def site() -> Iterator[wordpress.Site]:
    with brought_up(wordpress) as running:
        yield running


@pytest.fixture
def port() -> Port:
    return connector_for("wordpress")


@pytest.fixture
def outbound(outbound: Outbound, site: wordpress.Site) -> Outbound:
    return replace(
        outbound,
        title="Le port & <b>la</b> marée",
        settings={"site": site.url, "user": "editor"},
        secret=Secrets({"password": site.passwords["editor"]}),
    )


@pytest.fixture
def effects(site: wordpress.Site) -> Effects:
    """What readers see more of than before this test: posts and comments."""
    before = _seen(site)
    return lambda: _seen(site) - before


def _seen(site: wordpress.Site) -> int:
    return sum(int(_ask(site, f"{what}&per_page=1", who="")[1]["X-WP-Total"]) for what in ("posts", "comments"))


def _ask(site: wordpress.Site, route: str, said: Any = None, who: str = "chief") -> tuple[Any, Any]:
    """Past the connector: as an account, or as anybody."""
    head = {"Content-Type": "application/json"}
    if who:
        head["Authorization"] = "Basic " + base64.b64encode(f"{who}:{site.passwords[who]}".encode()).decode()
    data = None if said is None else json.dumps(said).encode()
    request = urllib.request.Request(f"{site.url}/?rest_route=/wp/v2/{route}", data, head)
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.loads(reply.read()), reply.headers


class TestContract(SendingContract):
    kind = "wordpress"


class TestContractOfAnswers(SendingContract):
    """The same for comments, which are drafted in the moderators' queue."""

    kind = "wordpress"

    @pytest.fixture
    def outbound(self, outbound: Outbound) -> Outbound:
        return replace(outbound, kind=ActionKind.ANSWER, target="post-1", title="", text=f"Merci {outbound.key}")

    # One comment carries no picture, and 65,525 signs at most.
    test_a_picture_passes_and_what_is_wrong_with_one_does_not = None  # type: ignore[assignment]
    test_the_longest_text_passes_and_one_sign_more_does_not = None  # type: ignore[assignment]


class TestHostile(HostileContract):
    @pytest.fixture
    def hostile(self, site: wordpress.Site) -> Iterator[Hostile]:
        with standing_before(site.url) as hostile:
            yield hostile

    @pytest.fixture
    def port(self) -> Port:
        return quick(WordPressConnector(), 3.0)

    @pytest.fixture
    def outbound(self, outbound: Outbound, hostile: Hostile) -> Outbound:
        return replace(outbound, settings={**outbound.settings, "site": hostile.url})


def test_what_is_shown_is_what_was_written(
    port: Port, outbound: Outbound, site: wordpress.Site, picture: MediaFile
) -> None:
    text = "Bonjour à **toutes**\n\n[gallery] <script>alert(1)</script>"
    sent = deliver(port, replace(outbound, text=text, link="https://example.org/a", media=(picture, picture)))
    found, _ = _ask(site, f"posts/{sent.remote_id.removeprefix('post-')}", who="")
    shown = unescape(found["content"]["rendered"])
    assert "<strong>toutes</strong>" in shown and "[gallery]" in shown and 'alt="A red square"' in shown
    assert "<script" not in found["content"]["rendered"] and 'href="https://example.org/a"' in shown
    assert "<b>" not in found["title"]["rendered"]
    assert unescape(found["title"]["rendered"]) == "Le port & <b>la</b> marée"
    featured, _ = _ask(site, f"media/{found['featured_media']}", who="")
    assert featured["alt_text"] == "A red square"


def test_a_reader_sees_it(port: Port, outbound: Outbound) -> None:
    sent = deliver(port, replace(outbound, title=TITLE, text=WORDS, media=(sailing_boat(),)))
    assert shows_the_boat(photographed(sent.url, "wordpress"))


def test_a_draft_that_somebody_edited_goes_out_as_approved(
    port: Port, outbound: Outbound, site: wordpress.Site
) -> None:
    ready = prepared(port, outbound)
    _ask(site, f"posts/{ready.draft.removeprefix('post-')}", {"content": "Tout autre chose"})
    sent = port.send(ready)
    assert port.look(replace(outbound, target=sent.remote_id)).state is SentState.PUBLISHED


def test_a_draft_that_somebody_trashed_stays_there(
    port: Port, outbound: Outbound, site: wordpress.Site, effects: Effects
) -> None:
    ready = prepared(port, outbound)
    port.send(replace(outbound, kind=ActionKind.DELETE, target=ready.draft))
    with pytest.raises(SendFailed) as refused:
        port.send(ready)
    assert (refused.value.code, refused.value.permanent, effects()) == ("target_gone", True, 0)


def test_what_others_do_to_a_post_is_told(port: Port, outbound: Outbound, site: wordpress.Site) -> None:
    sent = deliver(port, outbound)
    number = sent.remote_id.removeprefix("post-")
    looking = replace(outbound, target=sent.remote_id)
    for changed, state in (
        ({"content": "Autre"}, SentState.EDITED),
        ({"status": "pending"}, SentState.QUEUED),
        ({"status": "private"}, SentState.ACCEPTED),
        ({"status": "publish", "date": "2099-01-01T00:00:00"}, SentState.SCHEDULED),
        ({"status": "draft"}, SentState.GONE),
    ):
        _ask(site, f"posts/{number}", changed)
        assert port.look(looking).state is state


def test_comments_are_answered_hidden_and_shown(
    port: Port, outbound: Outbound, site: wordpress.Site, effects: Effects
) -> None:
    post = deliver(port, outbound)
    theirs, _ = _ask(site, "comments", {"post": post.remote_id.removeprefix("post-"), "content": "Bravo <3"})
    target = f"comment-{theirs['id']}"
    answer = replace(outbound, key=f"{outbound.key}a", kind=ActionKind.ANSWER, target=target, text="Merci <b>\nà vous")
    sent = deliver(port, answer)
    assert sent.state is SentState.PUBLISHED and effects() == 3
    assert port.look(replace(outbound, target=post.remote_id)).replies == 2
    assert port.look(replace(outbound, text="", target=target)).replies == 1
    hide = replace(outbound, key=f"{outbound.key}h", kind=ActionKind.HIDE, target=target, text="")
    assert deliver(port, hide).state is SentState.ACCEPTED and deliver(port, hide) and effects() == 2
    show = replace(hide, kind=ActionKind.UNHIDE)
    assert deliver(port, show).state is SentState.PUBLISHED and effects() == 3
    shown, _ = _ask(site, f"comments/{sent.remote_id.removeprefix('comment-')}", who="")
    assert shown["content"]["rendered"].strip() == "<p>Merci &lt;b&gt;<br />\nà vous</p>"


@pytest.mark.parametrize(
    ("who", "missing"),
    [
        ("chief", ()),
        ("editor", ()),
        ("author", ("moderate_comments",)),
        ("contributor", NEEDED[1:]),
        ("subscriber", NEEDED),
    ],
)
def test_a_role_that_is_too_small_says_what_it_lacks(
    port: Port, outbound: Outbound, site: wordpress.Site, who: str, missing: tuple[str, ...]
) -> None:
    settings, secret = {**outbound.settings, "user": who}, Secrets({"password": site.passwords[who]})
    assert port.check(settings, secret).missing == missing
    act = replace(outbound, settings=settings, secret=secret)
    answer = replace(act, kind=ActionKind.ANSWER, target="post-1", text=f"Merci {outbound.key}")
    for each, needed in ((act, "publish_posts"), (answer, "moderate_comments")):
        if needed not in missing:
            assert deliver(port, each).state is SentState.PUBLISHED
            continue
        with pytest.raises(SendFailed) as refused:
            deliver(port, each)
        assert (refused.value.code, refused.value.maybe_sent) == ("scope_missing", False)


def test_nobody_by_this_name(port: Port, outbound: Outbound) -> None:
    with pytest.raises(SendFailed) as refused:
        deliver(port, replace(outbound, settings={**outbound.settings, "user": "nobody"}))
    assert (refused.value.code, refused.value.permanent) == ("credentials_refused", True)


STEPS: tuple[tuple[str, str, str, Any], ...] = (
    ("editor", "GET", "users/me&context=edit", None),
    ("nobody", "GET", "users/me&context=edit", None),
    ("subscriber", "GET", "posts&slug=x&status=any&context=edit", None),
    ("editor", "GET", "posts&slug=x&status=any&context=edit", None),
    ("subscriber", "POST", "posts", {"title": "a", "content": "a", "status": "draft"}),
    ("contributor", "POST", "posts", {"title": "a", "content": "a", "status": "draft", "slug": "like-a"}),
    ("contributor", "POST", "posts/{made}", {"status": "publish"}),
    ("editor", "POST", "posts/{made}", {"status": "publish"}),
    ("editor", "POST", "posts/{made}", {"status": "publish"}),
    ("subscriber", "POST", "comments", {"post": "{made}", "content": "one"}),
    ("subscriber", "POST", "comments", {"post": "{made}", "content": "one"}),
    ("subscriber", "POST", "comments", {"post": "{made}", "content": "two"}),
    ("author", "POST", "comments", {"post": "{made}", "content": "three", "status": "hold"}),
    ("editor", "POST", "comments", {"post": "{made}", "content": "four", "status": "hold", "author_user_agent": "R 1"}),
    ("editor", "POST", "comments", {"post": "{made}", "content": "four", "status": "hold", "author_user_agent": "R 1"}),
    ("editor", "GET", "comments&post={post}&status=all&context=edit", None),
    ("contributor", "GET", "comments&post={post}&status=all&context=edit", None),
    ("editor", "DELETE", "posts/{post}", None),
    ("editor", "DELETE", "posts/{post}", None),
    ("editor", "GET", "posts/{post}&context=edit", None),
    ("editor", "GET", "posts/999999&context=edit", None),
    ("editor", "GET", "comments/999999&context=edit", None),
    ("editor", "GET", "nothing", None),
)


def test_the_fake_of_the_default_suite_answers_like_the_real_one(site: wordpress.Site) -> None:
    fake = WordPress()
    with serving(fake) as url:
        ours = _walk(url, dict.fromkeys(site.passwords, fake.password))
    theirs = _walk(site.url, site.passwords)
    differing = [(mine, real) for mine, real in zip(ours, theirs, strict=True) if mine != real]
    assert not differing


def _walk(url: str, passwords: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Status, WordPress's code and the state of what was answered, step by step."""
    made, told = 0, []
    for who, method, route, said in STEPS:
        head = {"Content-Type": "application/json", "User-Agent": "Relais"}
        head["Authorization"] = "Basic " + base64.b64encode(f"{who}:{passwords.get(who, 'x')}".encode()).decode()
        body = None if said is None else json.dumps(said).replace('"{made}"', str(made)).encode()
        where = f"{url}/?rest_route=/wp/v2/{route.format(made=made, post=made)}"
        try:
            reply = urllib.request.urlopen(urllib.request.Request(where, body, head, method=method), timeout=20)
        except urllib.error.HTTPError as refused:
            reply = refused
        found = json.loads(reply.read())
        one = found if isinstance(found, dict) else {}
        if route == "posts" and reply.status == 201:
            made = one["id"]
        many = sorted(each["status"] for each in found) if isinstance(found, list) else None
        told.append(
            (
                who,
                method,
                route,
                reply.status,
                one.get("code"),
                one.get("status"),
                one.get("slug") if "posts" in route else None,
                many,
            )
        )
    return told
