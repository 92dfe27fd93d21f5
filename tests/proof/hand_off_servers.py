"""A conversation over servers, from the first word to the last: never more than one side may answer in it.

- Mastodon (the contract's server, over HTTP): what somebody said becomes a conversation, is acknowledged by the agency, passed
  to the brand, answered by the brand and refused to the agency meanwhile, goes on with what the member says next, is returned
  and closed.
- A mail thread over SMTP, read by IMAP where Dovecot is installed and from the server's own bytes elsewhere: each answer names
  what it answers and all that went before (RFC 5322), and each mail of the member is heard in the one conversation.

Full scale: Dovecot is installed first where this machine may, and must be there.
"""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.conversations.actions import follow_reply
from clients.conversations.models import Reply
from clients.conversations.queries import last_said, whole_thread
from clients.custody import actions as custody
from clients.custody.models import Conversation, Holding
from clients.custody.rules import Holder, TurnKind
from clients.gate.actions import submit_item
from clients.items.content import Content
from clients.items.models import Item
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.normal import once
from clients.mentions.raw import RawMention
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from clients.service.models import Promise
from clients.sources.mails import read_mail
from clients.triage.actions import begin_reply, go_on, take_up
from tenants.ids import uuid7
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope
from tests.channels.fakes.mastodon import FRIEND, TOKEN, Mastodon
from tests.channels.fakes.serving import serving as serving_http
from tests.channels.mailserver import Mailbox
from tests.channels.mailserver import serving as serving_mail
from tests.proof._programs import wait_for
from tests.proof._scene import code_of, quiet, scene
from tests.systems import mail as dovecot
from tests.world import World

US, MEMBER = "bonjour@maison.example", "lea@example.org"


@dataclass
class Found:
    """What holds and what does not, by name."""

    wrong: list[str] = field(default_factory=list)
    checked: int = 0

    def check(self, name: str, holds: bool) -> None:
        self.checked += 1
        if not holds:
            self.wrong.append(name)


@dataclass
class Thread:
    """One conversation over one channel, and how it is spoken in."""

    world: World
    channel: Channel
    source: UUID
    found: Found
    first: Conversation | None = None

    def hear(self, *raws: RawMention) -> int:
        """As a source hands over what it read: how many turns that made of itself."""
        take_in(self.world.brand, self.source, "mailbox" if raws[0].direct else "mastodon", raws, all_kept=True)
        return go_on(self.world.brand, source=self.source, said=once(raws))

    def take_up(self) -> Conversation:
        with brand_scope(self.world.brand):
            mention = Mention.objects.filter(source=self.source).earliest("found_at")
        self.first = take_up(self.world.cm, mention_id=mention.pk)
        return self.first

    def say(self, actor: Actor, text: str, kind: TurnKind = TurnKind.ANSWER, **more: Any) -> Item:
        """To what the member said last; out if the gate lets it, and then a turn."""
        assert self.first is not None
        with brand_scope(self.world.brand):
            last = last_said(self.first)
        assert last is not None
        acting = ActionKind.ACKNOWLEDGE if kind is TurnKind.ACKNOWLEDGEMENT else ActionKind.ANSWER
        by_mail = self.channel.kind == "email"
        content = Content(
            kind=acting,
            channels=(str(self.channel.pk),),
            text=text,
            target=last.remote_id,
            title="Re: Question" if by_mail else "",
            recipient=MEMBER if by_mail else "",
        )
        item = begin_reply(actor, conversation_id=self.first.pk, content=content, kind=kind, **more)
        assert item.version is not None
        submit_item(actor, item_id=item.pk, seen_digest=item.version.digest)
        wait_for(lambda: self._has_left(item), "what the gate cleared is out, at the channel's own pace")
        with brand_scope(self.world.brand):
            reply = Reply.objects.get(item=item)
        with suppress(Later):
            follow_reply(process_of(self.world.brand, EntryPoint.WORKER, "proof"), reply_id=reply.pk)
        return item

    def _has_left(self, item: Item) -> bool:
        self.world.run_outbox("gate.send")
        return self.world.state_of(item) not in {"cleared", "sending"}

    def turns(self) -> list[tuple[str, str]]:
        with brand_scope(self.world.brand):
            return list(whole_thread(self.first).values_list("voice", "kind")) if self.first else []

    def holder(self) -> str:
        assert self.first is not None
        with brand_scope(self.world.brand):
            return str(Conversation.objects.values_list("holder_side", flat=True).get(pk=self.first.pk))


def run(scale: str) -> tuple[str, bool]:
    """Both threads, one brand each."""
    found = Found()
    with quiet():
        _mastodon(found)
        read_by, mails = _mails(found, scale)
    needed = scale != "full" or read_by == "IMAP (Dovecot)"
    figures = (
        f"{found.checked} checks, {len(found.wrong)} wrong{': ' + '; '.join(found.wrong) if found.wrong else ''}; "
        f"Mastodon: contract double over HTTP; Bluesky: not run; {mails} mails over SMTP, read from {read_by}"
    )
    return figures, not found.wrong and needed


def _mastodon(found: Found) -> None:
    fake = Mastodon()
    with serving_http(fake) as site:
        world = scene(level=6)
        channel = connect_channel(
            actor=world.owner, kind="mastodon", name="Toots", settings={"site": site, "access_token": TOKEN}
        )
        thread = Thread(world, channel, uuid7(), found)
        asked = fake.seed("Ouverts samedi ?")
        thread.hear(_toot(channel, asked, "Ouverts samedi ?"))
        talk = thread.take_up()
        until = timezone.now() + timedelta(days=1)
        thread.say(world.cm, "Nous vous avons vue.", TurnKind.ACKNOWLEDGEMENT, promised_at=until)
        with brand_scope(world.brand):
            found.check("promised", Promise.objects.filter(conversation=talk, until=until).exists())
        custody.pass_on(world.cm, conversation_id=talk.pk, to=Holder(Side.BRAND), note="À vous de dire.")
        found.check("an offer moves nothing", thread.holder() == "agency")
        custody.accept(world.owner, conversation_id=talk.pk)
        refused = thread.say(world.cm, "Oui ! (l’agence)")
        found.check("who does not hold is refused", world.state_of(refused) == "refused")
        found.check("nothing of it outside", all("agence" not in each["text"] for each in fake.ours))
        thread.say(world.owner, "Oui, de 8 h à 19 h.")
        answers = [each["in_reply_to_id"] for each in fake.ours]
        found.check("both aimed at what was said", answers == [asked, asked])
        again = fake.add(FRIEND, {"status": "Merci !", "in_reply_to_id": fake.ours[-1]["id"]})
        found.check(
            "what answers us is heard",
            thread.hear(_toot(channel, again["id"], "Merci !", again["in_reply_to_id"])) == 1,
        )
        custody.give_back(world.owner, conversation_id=talk.pk, note="C’est répondu.")
        found.check("returned", thread.holder() == "agency")
        found.check(
            "who gave it back is refused", code_of(lambda: custody.close(world.owner, conversation_id=talk.pk)) != ""
        )
        custody.close(world.cm, conversation_id=talk.pk)
        said = [
            ("member", "message"),
            ("agency", "acknowledgement"),
            ("brand", "answer"),
            ("member", "message"),
        ]
        found.check(f"thread {thread.turns()}", thread.turns() == said)
        with brand_scope(world.brand):
            steps = list(Holding.objects.filter(conversation=talk).order_by("number").values_list("step", flat=True))
        found.check(f"steps {steps}", steps == ["open", "pass", "accept", "return", "close"])


def _toot(channel: Channel, number: str, text: str, before: str = "") -> RawMention:
    return RawMention(
        own_id=number,
        text=text,
        author="Amie",
        author_handle="@amie@ailleurs.example",
        channel=channel.pk,
        remote_id=number,
        in_reply_to=before or "",
    )


def _mails(found: Found, scale: str) -> tuple[str, int]:
    """Three mails of the member and three answers; how they were read, and how many went over the line."""
    with _post(scale) as (port, inbox, read_by):
        world = scene(level=6, slug="maison-b")
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
