"""A conversation over one channel in a proof: what is said there is heard, taken up, and answered through the gate."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint
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
from clients.triage.actions import begin_reply, go_on, take_up
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope
from tests.proof._programs import wait_for
from tests.proof._scene import code_of
from tests.world import World

MEMBER = "lea@example.org"


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


class Outside(Protocol):
    """The network, as its people and its own books know it."""

    def begins(self, text: str) -> str:
        """Somebody speaks to us, and our source hears it; what the network calls their words."""

    def goes_on(self, text: str) -> bool:
        """They answer what we said last; whether it is heard in the conversation."""

    def ours(self) -> list[tuple[str, str]]:
        """What stands there of ours, oldest first: the words, and what they answer."""


def hand_off(thread: Thread, outside: Outside) -> None:
    """From the first word to the last: acknowledged, passed, answered by the brand alone, returned, closed."""
    world, check = thread.world, thread.found.check
    asked = outside.begins("Ouverts samedi ?")
    talk = thread.take_up()
    until = timezone.now() + timedelta(days=1)
    thread.say(world.cm, "Nous vous avons vue.", TurnKind.ACKNOWLEDGEMENT, promised_at=until)
    with brand_scope(world.brand):
        check("promised", Promise.objects.filter(conversation=talk, until=until).exists())
    custody.pass_on(world.cm, conversation_id=talk.pk, to=Holder(Side.BRAND), note="À vous de dire.")
    check("an offer moves nothing", thread.holder() == "agency")
    custody.accept(world.owner, conversation_id=talk.pk)
    refused = thread.say(world.cm, "Oui ! (l’agence)")
    check("who does not hold is refused", world.state_of(refused) == "refused")
    check("nothing of it outside", all("agence" not in text for text, _ in outside.ours()))
    thread.say(world.owner, "Oui, de 8 h à 19 h.")
    check(f"both aimed at what was said: {outside.ours()}", [target for _, target in outside.ours()] == [asked, asked])
    check("what answers us is heard", outside.goes_on("Merci !"))
    custody.give_back(world.owner, conversation_id=talk.pk, note="C’est répondu.")
    check("returned", thread.holder() == "agency")
    check("who gave it back is refused", code_of(lambda: custody.close(world.owner, conversation_id=talk.pk)) != "")
    custody.close(world.cm, conversation_id=talk.pk)
    _whole(thread, talk)


def _whole(thread: Thread, talk: Conversation) -> None:
    said = [("member", "message"), ("agency", "acknowledgement"), ("brand", "answer"), ("member", "message")]
    thread.found.check(f"thread {thread.turns()}", thread.turns() == said)
    with brand_scope(thread.world.brand):
        steps = list(Holding.objects.filter(conversation=talk).order_by("number").values_list("step", flat=True))
    thread.found.check(f"steps {steps}", steps == ["open", "pass", "accept", "return", "close"])
