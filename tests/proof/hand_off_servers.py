"""A conversation over servers, from the first word to the last: never more than one side may answer in it.

- Mastodon (the contract's server, over HTTP) and Bluesky (the real network, heard by its source): what somebody said becomes a
  conversation, is acknowledged by the agency, passed to the brand, answered by the brand and refused to the agency meanwhile,
  goes on with what the member says next, is returned and closed (`_hand_off`).
- A comment on a real WordPress, heard by its source, is hidden, and deleted after the cooling-off (`_real_comment`).
- A mail thread over SMTP, read by IMAP where Dovecot is installed and from the server's own bytes elsewhere: each answer names
  what it answers and all that went before (RFC 5322), and each mail of the member is heard in the one conversation.

Full scale: Bluesky, WordPress and Dovecot are installed first where this machine may, and must be there.
"""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import time_machine
from django.utils import timezone

from clients.channels.actions import connect_channel
from clients.disclosure.rules import InfoClass
from clients.mentions.raw import RawMention
from clients.sources.actions import add_source
from clients.sources.mails import read_mail
from tenants.ids import uuid7
from tests.channels.fakes.mastodon import FRIEND, TOKEN, Mastodon
from tests.channels.fakes.serving import serving as serving_http
from tests.channels.mailserver import Mailbox
from tests.channels.mailserver import serving as serving_mail
from tests.moderation.conftest import publish_rules
from tests.proof._bluesky_side import BlueskyOutside
from tests.proof._hand_off import MEMBER, Found, Thread, hand_off
from tests.proof._real_comment import FRIDAY, WANTED, hidden_then_deleted
from tests.proof._scene import quiet, scene
from tests.systems import bluesky
from tests.systems import mail as dovecot
from tests.world import World

US = "bonjour@maison.example"


def run(scale: str) -> tuple[str, bool]:
    """Two networks, mails, and on the full scale what only real programs can say."""
    found, first, second = Found(), scene(level=6), scene(level=6, slug="maison-b")
    real = scale == "full"
    with quiet():
        _mastodon(first, found)
        read_by, mails = _mails(second, found, scale)
        network = _bluesky(first, found) if real else "on the full scale"
        site = _wordpress(second, found) if real else "on the full scale"
    needed = not real or read_by == "IMAP (Dovecot)"
    figures = (
        f"{found.checked} checks, {len(found.wrong)} wrong{': ' + '; '.join(found.wrong) if found.wrong else ''}; "
        f"Mastodon: contract double over HTTP; Bluesky: {network}; WordPress: {site}; "
        f"{mails} mails over SMTP, read from {read_by}"
    )
    return figures, not found.wrong and needed


@dataclass
class MastodonOutside:
    """The contract's own server. Its source is read by hand: `tests/sources` shows what that makes of a timeline."""

    thread: Thread
    fake: Mastodon

    def begins(self, text: str) -> str:
        asked = self.fake.seed(text)
        self.thread.hear(self._toot(asked, text))
        return asked

    def goes_on(self, text: str) -> bool:
        again = self.fake.add(FRIEND, {"status": text, "in_reply_to_id": self.fake.ours[-1]["id"]})
        return self.thread.hear(self._toot(again["id"], text, again["in_reply_to_id"])) == 1

    def ours(self) -> list[tuple[str, str]]:
        return [(each["text"], each["in_reply_to_id"]) for each in self.fake.ours]

    def _toot(self, number: str, text: str, before: str = "") -> RawMention:
        return RawMention(
            own_id=number,
            text=text,
            author="Amie",
            author_handle="@amie@ailleurs.example",
            channel=self.thread.channel.pk,
            remote_id=number,
            in_reply_to=before,
        )


def _mastodon(world: World, found: Found) -> None:
    fake = Mastodon()
    with serving_http(fake) as site:
        account = {"site": site, "access_token": TOKEN}
        channel = connect_channel(actor=world.owner, kind="mastodon", name="Toots", settings=account)
        thread = Thread(world, channel, uuid7(), found)
        hand_off(thread, MastodonOutside(thread, fake))


def _bluesky(world: World, found: Found) -> str:
    """The network from npm, heard by the source that the product has for it."""
    bluesky.install()
    with bluesky.running() as network:
        ours = network.people["marque"]
        account = {"site": network.site, "handle": ours["handle"], "password": ours["password"]}
        channel = connect_channel(actor=world.owner, kind="bluesky", name="Bluesky", settings=account)
        source = add_source(
            actor=world.owner,
            kind="bluesky",
            name="Nous",
            settings={"what": "notifications"},
            channel_id=channel.pk,
            info_class=InfoClass.SHARED,
        )
        thread = Thread(world, channel, source.pk, found)
        hand_off(thread, BlueskyOutside(thread, network))
        return f"the network of npm {network.version}"


def _wordpress(world: World, found: Found) -> str:
    with time_machine.travel(FRIDAY - timedelta(hours=1)):
        publish_rules(world)
    told = hidden_then_deleted(world)
    found.check(f"the comment on WordPress: {' -> '.join(told.seen)}", told.seen == WANTED)
    found.check("its receipts and its case", (told.receipts, told.state) == (2, "gone"))
    return f"{told.version}: {' -> '.join(told.seen)}"


def _mails(world: World, found: Found, scale: str) -> tuple[str, int]:
    """Three mails of the member and three answers; how they were read, and how many went over the line."""
    with _post(scale) as (port, inbox, read_by):
        account = {"host": "127.0.0.1", "port": port, "tls": "none", "from_address": US, "from_name": "Maison"}
        channel = connect_channel(actor=world.owner, kind="email", name="Courrier", settings=account)
        thread = Thread(world, channel, uuid7(), found)
        ids: list[str] = []
        for place in range(3):
            number = _writes(port, place, ids)
            ids.append(number)
            newest = inbox(US)[-1]
            made = thread.hear(read_mail(newest.as_bytes(), now=timezone.now()))
            if place == 0:
                thread.take_up()
            else:
                found.check(f"mail {place} is heard in its conversation", made == 1)
            thread.say(world.cm, f"Réponse {place}.")
            answer = inbox(MEMBER)[-1]
            found.check(f"answer {place} names what it answers", str(answer["In-Reply-To"]) == number)
            found.check(f"answer {place} keeps {answer['References']}", str(answer["References"]).split() == ids)
            ids.append(str(answer["Message-ID"]))
        found.check("one conversation", len(thread.turns()) == 6)
        return read_by, len(ids)


def _writes(port: int, place: int, before: list[str]) -> str:
    """The member's mail, an answer to our last one from the second on."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = f"<question-{place}@example.org>"
    mail["From"], mail["To"], mail["Subject"] = f"Léa <{MEMBER}>", US, "Question"
    if before:
        mail["In-Reply-To"], mail["References"] = before[-1], " ".join(before)
    mail.set_content(f"Question {place} ?")
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.send_message(mail)
    return str(mail["Message-ID"])


Inbox = Callable[[str], list[EmailMessage]]


@contextmanager
def _post(scale: str) -> Iterator[tuple[int, Inbox, str]]:
    """SMTP in front, and how a mailbox is read."""
    if scale == "full":
        dovecot.install()
    with ExitStack() as stack:
        if not dovecot.available():
            post = stack.enter_context(dovecot.running())
            yield post.smtp, post.inbox, "IMAP (Dovecot)"
            return
        kept = Mailbox()
        port = stack.enter_context(serving_mail(kept))
        yield port, lambda address: _taken(kept, address), "the server’s bytes (no Dovecot here)"


def _taken(kept: Mailbox, address: str) -> list[EmailMessage]:
    mine = [each for each in kept.got if address in each.rcpt_tos]
    return [message_from_bytes(each.content or b"", policy=policy.default) for each in mine]  # type: ignore[arg-type]
