"""One act as a mail: what a person reads, and nothing that a header should not hold."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import MediaFile, Outbound, SendFailed
from clients.channels.rules import has_control_characters
from clients.channels.smtp.message import build, recipients_of

SETTINGS = {"from_address": "bonjour@example.org", "from_name": "Café du Port", "to": ["a@b.fr", "c@d.fr"]}


@pytest.fixture
def outbound(outbound: Outbound) -> Outbound:
    return replace(outbound, kind=ActionKind.NEWSLETTER, title="Nouvelles d’été", settings=SETTINGS)


def _parsed(outbound: Outbound) -> EmailMessage:
    return message_from_bytes(build(outbound, recipients_of(outbound)).as_bytes(), policy=policy.default)


def test_headers(outbound: Outbound) -> None:
    message = _parsed(outbound)
    assert message["Subject"] == "Nouvelles d’été"
    assert message["From"] == "Café du Port <bonjour@example.org>"
    assert message["Message-ID"].endswith("@example.org>") and message["Date"]


def test_the_message_id_comes_from_the_key_alone(outbound: Outbound) -> None:
    same, other = replace(outbound, text="Autre"), replace(outbound, key=uuid4().hex)
    assert _parsed(outbound)["Message-ID"] == _parsed(same)["Message-ID"] != _parsed(other)["Message-ID"]


def test_a_list_does_not_see_itself(outbound: Outbound) -> None:
    whole = build(outbound, recipients_of(outbound)).as_bytes()
    assert recipients_of(outbound) == ("a@b.fr", "c@d.fr")
    assert b"a@b.fr" not in whole and b"c@d.fr" not in whole


def test_one_person_is_written_to_by_address(outbound: Outbound) -> None:
    single = replace(outbound, recipient=" Jo@Example.org ")
    assert recipients_of(single) == ("Jo@example.org",)
    assert _parsed(single)["To"] == "Jo@example.org"


def test_an_answer_is_threaded(outbound: Outbound) -> None:
    message = _parsed(replace(outbound, target="<abc.1@mail.example.org>"))
    assert message["In-Reply-To"] == message["References"] == "<abc.1@mail.example.org>"


def test_text_and_html_say_the_same(outbound: Outbound) -> None:
    message = _parsed(replace(outbound, text="Bonjour <b>toi</b> & moi\n\nÀ bientôt", link="https://a.fr/?x=1&y=2"))
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "Bonjour <b>toi</b> & moi" in plain and "https://a.fr/?x=1&y=2" in plain
    assert "<p>Bonjour &lt;b&gt;toi&lt;/b&gt; &amp; moi</p>" in html
    assert '<a href="https://a.fr/?x=1&amp;y=2">https://a.fr/?x=1&amp;y=2</a>' in html


def test_pictures_come_with_their_words(outbound: Outbound, picture: MediaFile) -> None:
    message = _parsed(replace(outbound, media=(picture._replace(alt='Un "carré" <rouge>'),)))
    (related,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert related.get_content() == picture.data and related.get_filename() == "image-1.png"
    assert f'src="cid:{related["Content-ID"][1:-1]}" alt="Un &quot;carré&quot; &lt;rouge&gt;"' in html
    assert '[Un "carré" <rouge>]' in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_seven_bits_and_short_lines_only(outbound: Outbound) -> None:
    whole = build(replace(outbound, text="é" * 5000), ("a@b.fr",)).as_bytes()
    assert whole.isascii() and max(map(len, whole.split(b"\r\n"))) <= 998
    assert b"\n" not in whole.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "Hello\r\nBcc: victim@example.org"}, "title_control_characters"),
        ({"title": "Hello\nBcc: victim@example.org"}, "title_control_characters"),
        ({"settings": SETTINGS | {"from_name": "A\r\nBcc: b@c.fr"}}, "title_control_characters"),
        ({"recipient": "a@b.fr\r\nRCPT TO:<victim@example.org>"}, "not_an_address"),
        ({"recipient": "a@b.fr, victim@example.org"}, "not_an_address"),
        ({"target": "<a@b>\r\nBcc: victim@example.org"}, "target_not_a_message"),
        ({"settings": SETTINGS | {"to": []}}, "recipient_missing"),
    ],
)
def test_nothing_becomes_a_header_of_its_own(outbound: Outbound, changes: dict, code: str) -> None:  # type: ignore[type-arg]
    forged = replace(outbound, **changes)
    with pytest.raises(SendFailed) as refused:
        build(forged, recipients_of(forged))
    assert (refused.value.code, refused.value.permanent, refused.value.maybe_sent) == (code, True, False)


@given(title=st.text(min_size=1, max_size=60), name=st.text(max_size=40))
def test_whatever_is_typed_the_headers_are_ours(title: str, name: str) -> None:
    outbound = Outbound(
        key="k",
        kind=ActionKind.NEWSLETTER,
        brand_id=uuid4(),
        channel_id=uuid4(),
        text="x",
        title=title,
        settings=SETTINGS | {"from_name": name},
    )
    if has_control_characters(title) or has_control_characters(name):
        with pytest.raises(SendFailed):
            _parsed(outbound)
        return
    message = _parsed(outbound)
    assert set(message.keys()) == {"Message-ID", "Date", "From", "To", "Subject", "MIME-Version", "Content-Type"}
    assert [a.addr_spec for a in message["From"].addresses] == ["bonjour@example.org"]
