"""A quarter of a brand's life as rows: acts of every right and level, talk of every class, members with and without consent.

Written straight into the tables, because what is shown is counting: where a row comes from is shown elsewhere. There is a week
with a change of clocks, rows in the first and the last instant of weeks, and one week (`EMPTY`) in which nothing happened.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import time_machine

from clients.approvals.models import Hold, Verdict
from clients.approvals.words import VerdictKind
from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind, Basis, EntryPoint, Outcome
from clients.channels.models import Channel
from clients.community.models import Member
from clients.community.rules import Consent
from clients.crisis.models import Crisis
from clients.crisis.rules import CrisisState
from clients.crm.models import Contact, System, Ticket
from clients.crm.rules import SystemKind, TicketKind, TicketState
from clients.custody.clocks import ClockKind, ClockState
from clients.custody.models import Conversation, Turn
from clients.custody.rules import Voice
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.words import DispatchState, Stage
from clients.insights.models import Insight, Released
from clients.items.life import ItemState
from clients.items.models import Item, ItemVersion, Media, MediaClass
from clients.mentions.models import Mention
from clients.mentions.rules import MentionKind
from clients.people.actor import Actor, process_of
from clients.press.models import Review, ReviewEntry
from clients.press.rules import ReviewState
from clients.service.models import Clock, Promise
from clients.service.rules import Band
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef, durable

START, END = date(2026, 10, 1), date(2026, 12, 31)
CHANGE_OF_CLOCKS, EMPTY = date(2026, 10, 25), date(2026, 11, 9)
CLASSES = (InfoClass.SHARED, InfoClass.SHARED, InfoClass.PUBLIC, InfoClass.BRAND, InfoClass.NAMED)
SOMEBODY = UUID(int=4242)
TOPICS = ("lancement", "prix", "rappel", "horaires")
PUT_RIGHT = (ActionKind.CORRECT, ActionKind.DELETE)
LEVELS = {Basis.BRAND: 1, Basis.APPROVAL: 2, Basis.STANDING: 3, Basis.SILENCE: 4}


@dataclass
class Quarter:
    """One writing: seeded, so that it says the same each time."""

    brand: BrandRef
    seed: int
    size: int
    chance: random.Random = field(init=False)
    channels: list[Channel] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    newest: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # rows to count, no secrets

    def write(self) -> None:
        """Everything, in one transaction."""
        with durable(self.brand):
            kinds = (("memory", "Mur"), ("field", "Marché"), ("phone", "Ligne"))
            self.channels = [Channel.objects.create(kind=kind, name=f"{name} {self.seed}") for kind, name in kinds]
            self._members()
            self._acts()
            self._mentions()
            self._talks()
            self._customers()
            self._learnt()
            self._brakes()
            self._log()

    def moments(self, count: int) -> Iterator[datetime]:
        """In UTC, over the quarter and a month on either side, with the edges of weeks among them and none in the empty week."""
        edge = datetime(2026, 10, 18, 22, tzinfo=UTC)
        edges = [edge, edge - timedelta(microseconds=1), datetime(2026, 10, 25, 23, tzinfo=UTC)]
        edges += [edges[2] - timedelta(microseconds=1), datetime(2026, 9, 30, 22, tzinfo=UTC)]
        yield from edges[:count]
        begin = datetime(2026, 8, 25, tzinfo=UTC)
        for _ in range(max(count - len(edges), 0)):
            moment = begin + timedelta(seconds=self.chance.randrange(158 * 86400))
            while timedelta(-1) < moment - datetime(2026, 11, 9, tzinfo=UTC) < timedelta(7):
                moment += timedelta(days=8)
            yield moment

    def _class(self, number: int) -> dict[str, Any]:
        found = CLASSES[number % len(CLASSES)]
        return {
            "info_class": found,
            "named": [str(SOMEBODY)] if found is InfoClass.NAMED else [],
            "owner_side": "brand",
        }

    def _members(self) -> None:
        consents = (
            Consent.GIVEN,
            Consent.NONE,
            Consent.WITHDRAWN,
        )  # to be named, each with another one to be written to
        self.members = [
            Member.objects.create(
                name=f"Membre {number}",
                naming_consent=consents[number % 3],
                consent=consents[(number + 1) % 3],
                created_by=SOMEBODY,
                **self._class(number),
            )
            for number in range(8)
        ]

    def _acts(self) -> None:
        decision = DecisionRecord.objects.create(
            item_id=uuid4(), channel_id=self.channels[0].pk, version_number=1, stage=Stage.SEND, question={},
            outcome=Outcome.SEND, level=2, reasons=[], digest="0" * 64,
        )  # fmt: skip
        pictures = [self._picture(number) for number in range(6)]
        for number, at in enumerate(self.moments(self.size)):
            self._act(number, at, decision, pictures)

    def _act(self, number: int, at: datetime, decision: DecisionRecord, pictures: list[Media]) -> None:
        basis = self.chance.choice(list(Basis))
        channel, kind = self.chance.choice(self.channels), self.chance.choice(list(ActionKind))
        level = LEVELS.get(basis, self.chance.choice((5, 6)))
        digest, remote = f"{self.seed:08x}{number:056x}", f"post-{number}"
        shown = [pictures[number % len(pictures)]] if number % 3 == 0 else []
        item = self._item(number, kind, ItemState.SENT, at, at - timedelta(minutes=self.chance.randrange(20, 3000)))
        version = self._version(item, kind, digest, shown, self.newest.get(channel.pk, "") if kind in PUT_RIGHT else "")
        self.newest[channel.pk] = remote
        sent = Dispatch.objects.create(
            item=item, version=version, channel_id=channel.pk, state=DispatchState.SENT, due_at=at, started_at=at,
            remote_id=remote,
        )  # fmt: skip
        Receipt.objects.create(
            dispatch_id=sent.pk, decision=decision, item_id=item.pk, title=item.title, channel_id=channel.pk,
            channel_name=channel.name, kind=kind, content_digest=digest, person_id=SOMEBODY, person_name="Inès",
            side="agency", basis=basis, level=level, grant=f"routine/{level}" if level > 2 else "", charter_version=1,
            briefing_version=1, sent_at=at, remote_id=remote,
        )  # fmt: skip
        if basis == Basis.APPROVAL and item.submitted_at is not None:
            between = item.submitted_at + (at - item.submitted_at) / 2
            self._verdict(item.pk, digest, VerdictKind.YES, between)
            self._verdict(item.pk, digest, VerdictKind.YES, at - timedelta(seconds=1), person=uuid4())

    def _item(self, number: int, kind: str, state: str, at: datetime, submitted: datetime | None) -> Item:
        return Item.objects.create(
            state=state, title=f"Acte {number}", kind=kind, sensitivity="routine", not_before=at, author_id=SOMEBODY,
            author_name="Inès", author_side="agency", submitted_at=submitted,
        )  # fmt: skip

    def _version(self, item: Item, kind: str, digest: str, shown: list[Media], target: str) -> ItemVersion:
        media = [{"digest": one.digest, "alt": f"Vue {one.digest[:4]}"} for one in shown]
        return ItemVersion.objects.create(
            item=item, number=1, digest=digest, author_id=SOMEBODY, author_name="Inès", author_side="agency",
            content={"kind": str(kind), "target": target, "media": media},
        )  # fmt: skip

    def _verdict(self, item: UUID, digest: str, kind: str, at: datetime, person: UUID = SOMEBODY) -> None:
        Verdict.objects.create(
            item_id=item, digest=digest, kind=kind, person_id=person, person_name="Sophie", side="brand",
            role="approver", at=at,
        )  # fmt: skip

    def _picture(self, number: int) -> Media:
        media = Media.objects.create(
            digest=f"{self.seed:08x}{number:056x}", mime="image/png", size=1, uploaded_by=SOMEBODY
        )
        MediaClass.objects.create(media=media, **self._class(number))
        return media

    def _mentions(self) -> None:
        source = uuid4()
        for number, at in enumerate(self.moments(self.size)):
            Mention.objects.create(
                source=source, medium=self.chance.choice(("rss", "mastodon", "email")), key=f"{number:064x}",
                title=f"Mention {number}", kind=self.chance.choice(list(MentionKind)), found_at=at,
                matched=self.chance.sample(TOPICS, self.chance.randrange(3)), **self._class(number),
            )  # fmt: skip

    def _talks(self) -> None:
        for number, at in enumerate(self.moments(self.size // 2)):
            known = number % 3
            talk = Conversation.objects.create(
                channel=self.channels[number % 2].pk, medium="comment", title=f"Question {number}",
                language=self.chance.choice(("fr", "en", "")), member=self.members[number % 8].pk if known == 0 else None,
                handle=f"@h{number % 5}" if known == 1 else "", holder_side="agency", opened_at=at, **self._class(number),
            )  # fmt: skip
            first = Turn.objects.create(conversation=talk, number=1, voice=Voice.MEMBER, text="…", at=at)
            Turn.objects.create(conversation=talk, number=2, voice=Voice.MEMBER, text="…", at=at, of=first)
            ours = Turn.objects.create(
                conversation=talk, number=3, voice=Voice.AGENCY, text="…", at=at + timedelta(hours=1)
            )
            for kind in ClockKind:
                self._clock(talk, kind, at)
            self._promise(talk, ours, at, number)

    def _clock(self, talk: Conversation, kind: ClockKind, at: datetime) -> None:
        stopped = self.chance.random() < 0.8
        worked, late = self.chance.randrange(60, 90_000), self.chance.random() < 0.3
        Clock.objects.create(
            conversation=talk, kind=kind, round=1, started_at=at, target=120, band=self.chance.choice(list(Band)),
            state=ClockState.STOPPED if stopped else ClockState.RUNNING, stopped_at=at + timedelta(hours=2) if stopped else None,
            stopped_by=self.chance.choice(("agency", "brand", "")) if stopped else "", working_agency=worked,
            working_brand=worked // 3, breached_at=at + timedelta(hours=1) if late else None,
        )  # fmt: skip

    def _promise(self, talk: Conversation, turn: Turn, at: datetime, number: int) -> None:
        broken, answered = number % 4 == 0, number % 2 == 0
        Promise.objects.create(
            conversation=talk, turn=turn, at=at - timedelta(days=1), until=at, side="agency",
            broken_at=at if broken else None, answered_at=at - timedelta(hours=3) if answered else None,
        )  # fmt: skip

    def _customers(self) -> None:
        for number in range(2):
            system = System.objects.create(
                name=f"Clients {number}", kind=SystemKind.GENERIC, made_by=SOMEBODY, made_by_name="Claire"
            )
            for place, (member, at) in enumerate(zip(self.members, self.moments(len(self.members)), strict=True)):
                Contact.objects.create(system=system, external_id=f"{number}-{place}", member=member, linked_at=at)
            talks = Conversation.objects.order_by("opened_at", "pk")[number :: self.size // 10]
            for talk, at in zip(talks, self.moments(len(talks)), strict=True):
                Ticket.objects.create(
                    system=system, conversation=talk, kind=self.chance.choice(list(TicketKind)), title="Colis perdu", at=at,
                    state=self.chance.choice(list(TicketState)), changed_at=at + timedelta(days=self.chance.randrange(20)),
                    by_person=SOMEBODY, by_name="Inès", side="agency", info_class=talk.info_class, named=talk.named,
                    owner_side="brand",
                )  # fmt: skip

    def _learnt(self) -> None:
        review = self._review()
        mentions = list(Mention.objects.order_by("found_at", "pk")[: self.size // 8])
        for number, at in enumerate(self.moments(self.size // 4)):
            decided = at + timedelta(days=2) if number % 2 else None
            insight = Insight.objects.create(
                title=f"Enseignement {number}", by_person=SOMEBODY, by_name="Inès", side="agency", created_at=at,
                decision=self.chance.choice(("accepted", "declined")) if decided else "", decided_at=decided,
                **self._class(number),
            )  # fmt: skip
            if number % 3 == 0:
                Released.objects.create(
                    insight=insight, said="Vous", did="Nous", by_person=SOMEBODY, by_name="Sophie", at=at
                )
        for place, mention in enumerate(mentions):
            ReviewEntry.objects.create(
                review=review[place % 2],
                mention=mention,
                position=place,
                headline=f"Une {place}",
                topic=TOPICS[place % 4],
            )

    def _review(self) -> list[Review]:
        found = [InfoClass.SHARED, InfoClass.BRAND]
        moments = list(self.moments(2))
        return [
            Review.objects.create(
                since=at - timedelta(days=1),
                until=at,
                state=ReviewState.OUT,
                out_at=at,
                info_class=one,
                owner_side="agency",
            )
            for one, at in zip(found, moments, strict=True)
        ]

    def _brakes(self) -> None:
        for number, at in enumerate(self.moments(self.size // 4)):
            self._verdict(
                uuid4(), "0" * 64, self.chance.choice((VerdictKind.NO, VerdictKind.VETO, VerdictKind.CHANGE)), at
            )
            if number % 5 == 0:
                Hold.objects.create(
                    scope="channel", value=f"{self.seed}-{number}", placed_by=SOMEBODY, placed_by_name="Sophie",
                    placed_at=at, lifted_at=at + timedelta(hours=1),
                )  # fmt: skip
                Crisis.objects.create(
                    state=CrisisState.ENDED,
                    is_open=False,
                    proposed_at=at,
                    declared_at=at if number % 2 else None,
                    over_at=at,
                )
            state = (ItemState.CLEARED, ItemState.WAITING, ItemState.DRAFT)[number % 3]
            item = self._item(10_000 + number, ActionKind.PUBLISH, state, at, None)
            version = self._version(item, ActionKind.PUBLISH, f"{number:064x}", [], "")
            lost = self.chance.choice((DispatchState.FAILED, DispatchState.UNCERTAIN, DispatchState.PENDING))
            Dispatch.objects.create(
                item=item, version=version, channel_id=self.channels[0].pk, state=lost, due_at=at, started_at=at
            )

    def _acting(self, number: int) -> Actor:
        if number % 3 == 2:
            return process_of(self.brand, EntryPoint.WORKER, "")
        side, role = ((Side.BRAND, Role.BRAND_OWNER), (Side.AGENCY, Role.COMMUNITY_MANAGER))[number % 3]
        return Actor(self.brand, SOMEBODY, "", side, role, EntryPoint.PAGE)

    def _log(self) -> None:
        verbs = ("read", "item.submitted", "link.opened", "media.fetched")
        for number, at in enumerate(self.moments(self.size // 2)):
            with time_machine.travel(at, tick=False):
                record(self._acting(number), verbs[number % 4], None)
            Disclosure.objects.create(
                at=at, way=self.chance.choice(("csv", "link", "api")), object_kind="items.item", why="downloaded",
                recipient_kind=self.chance.choice(("person", "link", "key")), info_class=self._class(number)["info_class"],
                leave_person=SOMEBODY,
            )  # fmt: skip
