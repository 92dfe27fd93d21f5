"""Each kind of source against a server that says what it should and what it should not."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.channels.webhook import signature
from clients.sources.kinds import bluesky, forum, mastodon, webhook, wordpress
from clients.sources.mails import read_mail
from clients.sources.port import Ask
from tenants.errors import Invalid
from tests.sources.serving import Site, site

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def ask(web: Site, **settings: Any) -> Ask:
    return Ask(
        settings={"site": web.url, **settings},
        secret=Secrets({"access_token": "t", "password": "p", "api_key": "k", "token": "t"}),
        channel=uuid4(),
        own_handle="@marque",
        since=NOW - timedelta(days=30),
        now=NOW,
        until=time.monotonic() + 5,
    )


def said(value: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def status(number: int, who: str = "lea@pain.example", **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://pain.example/{number}",
        "url": f"https://pain.example/@lea/{number}",
        "content": "<p>Bonjour<br>tous</p><script>x()</script>",
        "account": {"acct": who, "display_name": "Léa"},
        "created_at": "2026-11-19T10:00:00.000Z",
        "language": "fr",
        **more,
    }


class TestMastodon:
    def test_who_speaks_to_the_account(self, web: Site) -> None:
        told = {"id": "9", "type": "mention", "status": status(1)}
        web.pages["/api/v1/notifications"] = said([told])
        found = mastodon.read(ask(web, what="notifications", tag=""))
        (raw,) = found.raws
        assert (raw.text, raw.author, raw.author_handle, raw.remote_id) == (
            "Bonjour\ntous",
            "Léa",
            "@lea@pain.example",
            "1",
        )
        assert raw.published_at == datetime(2026, 11, 19, 10, tzinfo=UTC) and found.cursor == {"newest": "9"}
        assert raw.channel is not None

    def test_it_goes_on_from_where_it_ended_page_by_page(self, web: Site) -> None:
        """A server keeps a full page back until it is asked for what lies above the first one."""
        web.pages["/api/v1/timelines/home"] = said([status(n) for n in range(40, 0, -1)])
        first = mastodon.read(ask(web, what="home", tag=""))
        assert len(first.raws) == 40 and len(web.asked) == 1
        again = mastodon.read(replace(ask(web, what="home", tag=""), cursor={"newest": "0"}))
        asked = [path for path, _ in web.asked[1:]]
        assert "min_id=0" in asked[0] and "min_id=40" in asked[1] and len(asked) == 2
        assert {raw.own_id for raw in again.raws} == {raw.own_id for raw in first.raws}

    def test_what_the_brand_says_itself_is_no_mention_and_a_boost_is_what_was_boosted(self, web: Site) -> None:
        web.pages["/api/v1/timelines/tag/pain"] = said(
            [status(1, "Marque"), {"id": "2", "content": "", "reblog": status(3)}, "nonsense", {"id": "5"}]
        )
        found = mastodon.read(ask(web, what="hashtag", tag="#pain"))
        assert [raw.remote_id for raw in found.raws] == ["3"]

    def test_a_server_that_does_not_speak_this(self, web: Site) -> None:
        with pytest.raises(SendFailed) as failed:
            mastodon.read(ask(web, what="home", tag=""))
        assert failed.value.code == "target_gone"

    @pytest.mark.parametrize("answer", [{"error": "no"}, [], [None, 3], [{"id": None, "content": 5}]])
    def test_what_it_should_not_say(self, web: Site, answer: Any) -> None:
        web.pages["/api/v1/timelines/home"] = said(answer)
        assert mastodon.read(ask(web, what="home", tag="")).raws == ()


def test_bluesky_until_the_last_look_and_only_who_speaks(web: Site) -> None:
    def note(n: int, reason: str) -> dict[str, Any]:
        return {
            "uri": f"at://did:plc:abc/app.bsky.feed.post/{n}",
            "reason": reason,
            "author": {"handle": "lea.test", "did": "did:plc:abc", "displayName": "Léa"},
            "record": {"text": f"Mot {n}", "createdAt": "2026-11-19T10:00:00Z", "langs": ["fr"]},
            "indexedAt": f"2026-11-19T10:0{n}:00Z",
        }

    web.pages["/xrpc/com.atproto.server.createSession"] = said(
        {"did": "did:plc:us", "handle": "marque.test", "accessJwt": "j"}
    )
    web.pages["/xrpc/app.bsky.notification.listNotifications"] = said(
        {"notifications": [note(3, "reply"), note(2, "like"), note(1, "mention")]}
    )
    asking = ask(web, handle="marque.test", what="notifications", author="")
    first = bluesky.read(asking)
    assert [raw.text for raw in first.raws] == ["Mot 3", "Mot 1"]
    assert first.raws[0].url == "https://bsky.app/profile/did:plc:abc/post/3"
    later = bluesky.read(replace(asking, cursor=first.cursor))
    assert [raw.text for raw in later.raws] == ["Mot 3"]  # of the very moment of the mark: known by its name


def test_wordpress_takes_what_waits_and_leaves_our_own(web: Site) -> None:
    def comment(n: int, **more: Any) -> dict[str, Any]:
        return {
            "id": n,
            "content": {"rendered": f"<p>Mot {n}</p>"},
            "author_name": "Léa",
            "date_gmt": "2026-11-19T10:00:00",
        } | more

    web.pages["/"] = said([comment(3), comment(2, author_user_agent="Relais abc"), comment(1)])
    found = wordpress.read(ask(web, user="chef"))
    assert [(raw.own_id, raw.text) for raw in found.raws] == [("comment-3", "Mot 3"), ("comment-1", "Mot 1")]
    assert found.cursor == {"newest": 3}
    assert wordpress.read(replace(ask(web, user="chef"), cursor=found.cursor)).raws == ()
    assert "orderby=id" in web.asked[0][0] and "status=all" in web.asked[0][0]


def test_a_discourse_tells_its_newest_posts(web: Site) -> None:
    def post(n: int, user: str = "lea") -> dict[str, Any]:
        return {
            "id": n,
            "username": user,
            "cooked": f"<p>Mot {n}</p>",
            "topic_id": 7,
            "post_number": n,
            "topic_title": "Pain",
        }

    web.pages["/posts.json"] = said({"latest_posts": [post(3), post(2, "Marque"), post(1)]})
    found = forum.read(ask(web, user="marque"))
    assert [(raw.own_id, raw.title, raw.remote_id) for raw in found.raws] == [
        ("post-1", "Pain", "1"),
        ("post-3", "Pain", "3"),
    ]
    assert forum.read(replace(ask(web, user="marque"), cursor=found.cursor)).raws == ()


def test_a_nodebb_tells_its_newest_posts(web: Site) -> None:
    web.pages["/api/self"] = said({"uid": 1, "userslug": "marque"})
    web.pages["/api/recent"] = said(
        {"topics": [{"tid": 4, "title": "Pain &amp; vin", "mainPid": 8, "teaser": {"pid": 9}}]}
    )
    posts = [
        {"pid": 9, "uid": 2, "content": "<p>Oui</p>", "timestamp": 1763546400000, "user": {"username": "lea"}},
        {"pid": 8, "uid": 1, "content": "<p>Nous</p>"},
    ]
    web.pages["/api/topic/4"] = said({"posts": posts})
    found = forum.read(ask(web))
    assert [(raw.own_id, raw.title, raw.text) for raw in found.raws] == [("post-9", "Pain & vin", "Oui")]
    assert forum.read(replace(ask(web), cursor=found.cursor)).raws == ()


class TestWebhook:
    BODY = json.dumps(
        {"type": "mention", "data": {"id": "42", "text": "<b>Bonjour</b>", "url": "https://x.example/1"}}
    ).encode()

    def heads(
        self, secret: str = SECRET, moment: datetime = NOW, body: bytes = BODY, key: str = "msg_1"
    ) -> dict[str, str]:
        return signature.headers([secret], key=key, moment=int(moment.timestamp()), body=body)

    def test_what_is_signed_just_now(self) -> None:
        assert webhook.is_signed(SECRET, self.heads(), self.BODY, NOW)

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"webhook-id": "msg_2"},
            {"webhook-id": ""},
            {"webhook-timestamp": "1"},
            {"webhook-timestamp": "١٢٣"},
            {"webhook-timestamp": "9" * 400},
            {"webhook-signature": ""},
            {"webhook-signature": "v1,AAAA"},
            {"webhook-signature": "v1,é v2,x"},
        ],
    )
    def test_what_is_not(self, spoilt: dict[str, str]) -> None:
        assert not webhook.is_signed(SECRET, self.heads() | spoilt, self.BODY, NOW)
        assert not webhook.is_signed(SECRET, self.heads(), self.BODY + b" ", NOW)
        assert not webhook.is_signed("", self.heads(), self.BODY, NOW)
        late = NOW - timedelta(minutes=6)
        assert not webhook.is_signed(SECRET, self.heads(moment=late), self.BODY, NOW)

    def test_one_of_two_signatures_is_enough(self) -> None:
        heads = self.heads()
        heads["webhook-signature"] = f"v1,AAAA {heads['webhook-signature']}"
        assert webhook.is_signed(SECRET, heads, self.BODY, NOW)

    def test_one_thing_or_many(self) -> None:
        (one,) = webhook.raws_of(self.BODY, key="msg_1", now=NOW)
        assert (one.own_id, one.text, one.url) == ("42", "Bonjour", "https://x.example/1")
        many = webhook.raws_of(b'[{"text": "a"}, {"text": "b"}]', key="msg_1", now=NOW)
        assert [raw.own_id for raw in many] == ["msg_1", "msg_1 1"]

    @pytest.mark.parametrize(
        ("body", "code"),
        [(b"{", "not_json"), (b"[" * 99999, "not_json"), (b"[]", "nothing_said"), (b"3", "nothing_said"),
         (b'{"data": [{"text": ""}]}', "nothing_said"), (json.dumps([{"text": "a"}] * 201).encode(), "too_many")],
    )  # fmt: skip
    def test_what_cannot_be_read(self, body: bytes, code: str) -> None:
        with pytest.raises(Invalid) as wrong:
            webhook.raws_of(body, key="k", now=NOW)
        assert wrong.value.code == code


ATTACHED = (
    b"Subject: =?utf-8?q?=C3=89t=C3=A9?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nVoir\r\n--b\r\nContent-Type: application/pdf\r\n"
    b'Content-Disposition: attachment; filename="a\xe2\x80\xae.pdf"\r\n\r\n%PDF\r\n--b--'
)
MAILS = {
    "no body": (b"From: lea@x.example\r\nSubject: Vide\r\n\r\n", "Vide", ""),
    "no heads": (b"\r\nBonjour", "", "Bonjour"),
    "wrong charset": (b"Subject: S\r\nContent-Type: text/plain; charset=klingon\r\n\r\nd\xc3\xa9j\xc3\xa0", "S", "déjà"),
    "no utf-8": (b"Subject: S\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nd\xe9j\xe0", "S", "déjà"),
    "html only": (b"Subject: S\r\nContent-Type: text/html\r\n\r\n<p>Oui<script>x</script></p>", "S", "Oui"),
    "attached": (ATTACHED, "Été", "Voir\n📎 a.pdf"),
    "nested without end": (b"Subject: S\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nDedans", "S", "Dedans"),
    "bad base64": (b"Subject: S\r\nContent-Transfer-Encoding: base64\r\n\r\nQm9uam91cg", "S", "Bonjour"),
    "bad word": (b"Subject: =?utf-8?b?!!?= fin\r\n\r\nx", "fin", "x"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_mails_as_they_come(name: str) -> None:
    data, title, text = MAILS[name]
    mail = read_mail(data, now=NOW)
    assert mail.title.endswith(title) and mail.text == text and mail.own_id
    assert read_mail(data, now=NOW) == mail


def test_a_mail_of_the_future_or_without_a_date_has_none() -> None:
    for date in ("Fri, 20 Nov 2099 10:00:00 +0000", "hier", "", "Fri, 99 Nov 2026 99:00:00 +9999"):
        assert read_mail(f"Date: {date}\r\n\r\nx".encode(), now=NOW).published_at is None
