"""The eight weeks before the demo's day: what was posted and answered, what people said, a refusal, a veto, a day of silence.

Nothing is written into tables: each thing is done by its action at its hour (`demo_clock`), asks the gate as it would have then,
and leaves its receipt, its line and its clocks. So the figures of a past week are those of a week that was worked.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from clients.approvals.models import Notice
from clients.approvals.words import NoticeKind
from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.community.actions import add_member, note_naming
from clients.community.rules import About, Consent
from clients.conversations.actions import Talk, note_talk
from clients.custody.actions import close
from clients.custody.rules import Medium
from clients.disclosure.rules import InfoClass
from clients.gate.actions import (
    approve_item,
    begin_performing,
    confirm_performed,
    notice_delivered,
    refuse_item,
    resume,
    stop,
    submit_item,
    veto_item,
)
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.insights.actions import decide_insight, note_insight, release_insight
from clients.items.actions import create_item
from clients.items.content import Content
from clients.items.life import ItemState
from clients.items.models import Item
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.people.actor import Actor
from clients.sources.actions import add_source
from clients.triage.actions import dismiss_mention
from clients.triage.rules import NoReply
from portal.demo_clock import clock_at
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable

WEEKS = 8
PARIS = ZoneInfo("Europe/Paris")
Actors = Mapping[Role, Actor]


@dataclass(frozen=True)
class Rhythm:
    """What a brand's weeks are made of, and how much of each: eight numbers, the oldest week first."""

    posts: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    talks: tuple[tuple[str, str, str], ...]
    heard: tuple[tuple[str, str], ...]
    posted: tuple[int, ...]
    answered: tuple[int, ...]
    talked: tuple[int, ...]
    mentioned: tuple[int, ...]
    outside: tuple[tuple[int, ActionKind, str], ...] = ()
    vetoed: int | None = None
    refused: int | None = None
    stopped: int | None = None
    learnt: tuple[tuple[int, str, str, str], ...] = ()
    """Weeks with an insight that was decided on and told: which, its title, 'you said', 'we did'."""


def began() -> datetime:
    """Midday of the Sunday before the first of the weeks."""
    here = timezone.now().astimezone(PARIS).replace(hour=12, minute=0, second=0, microsecond=0)
    return here - timedelta(days=here.weekday() + 7 * WEEKS + 1)


def live_through(actors_now: Callable[[], Actors], wall: Channel, phone: Channel, rhythm: Rhythm) -> None:
    """Week after week, hour after hour. `actors_now`: the people, having just proved who they are."""
    past = _Past(actors_now, wall, phone, rhythm, began() + timedelta(hours=12))
    past.live()


class _Past:
    def __init__(
        self, actors_now: Callable[[], Actors], wall: Channel, phone: Channel, rhythm: Rhythm, monday: datetime
    ) -> None:
        self.actors_now, self.wall, self.phone, self.rhythm, self.monday = actors_now, wall, phone, rhythm, monday
        with clock_at(monday):
            self.actors = actors_now()
            if rhythm.outside:
                self.field = connect_channel(actor=self.owner, kind="field", name="Sur le terrain")
            self.source = add_source(actor=self.owner, kind="hand", name="Relevé de la semaine")
        self.posts, self.answers = cycle(rhythm.posts), cycle(rhythm.answers)
        self.talks, self.heard = cycle(rhythm.talks), cycle(rhythm.heard)
        self.members: dict[str, UUID] = {}
        self.last: UUID | None = None
        self.told = 0

    @property
    def owner(self) -> Actor:
        return self.actors[Role.BRAND_OWNER]

    @property
    def agent(self) -> Actor:
        return self.actors[Role.COMMUNITY_MANAGER]

    @property
    def brand(self) -> BrandRef:
        return self.owner.brand

    def live(self) -> None:
        """Everything in the order of its hours: a clock that jumped back would be no past that anybody lived through."""
        for moment, act in sorted(self._hours(), key=lambda one: one[0]):
            with clock_at(moment):
                self.actors = self.actors_now()
                act()
        with durable(self.brand):  # letters of weeks ago: they went out then, and nobody wants them today
            OutboxRow.objects.filter(kind="approvals.notice", done_at=None).update(done_at=F("due_at"))

    def _hours(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for week in range(WEEKS):
            yield from self._usual(week)
        yield from self._rare()

    def _usual(self, week: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
        rhythm = self.rhythm
        yield self._hour(week, 0, 8), lambda: self._hear(rhythm.mentioned[week])
        for place in range(rhythm.talked[week]):
            yield self._hour(week, place % 6, 10 + place // 6), self._talk
        for place in range(rhythm.answered[week]):
            yield self._hour(week, (place * 2 + 1) % 6, 11 + place % 3), self._answer
        for place in range(rhythm.posted[week]):
            yield from self._post(week, place)

    def _rare(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for week, kind, text in self.rhythm.outside:
            yield self._hour(week, 4, 15), partial(self._outside, kind, text)
        for week, title, said, did in self.rhythm.learnt:
            yield self._hour(week, 4, 17), partial(self._learn, title, said, did)
        once = (self.rhythm.refused, self._refuse), (self.rhythm.vetoed, self._veto), (self.rhythm.stopped, self._stop)
        for one, act in once:
            if one is not None:
                yield self._hour(one, 3, 14), act

    def _hour(self, week: int, day: int, hour: int) -> datetime:
        return (self.monday + timedelta(days=7 * week + day)).replace(hour=hour)

    def _post(self, week: int, place: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Written in the morning; approved, or let by in its window; then sent."""
        waiting: list[Item] = []
        day = place % 6

        def write() -> None:
            text = next(self.posts)
            waiting.append(self._ask(text))
            self._arrived(waiting[0])

        def decide() -> None:
            item = waiting[0]
            if item.state == ItemState.WAITING:
                approve_item(self.actors[Role.APPROVER], item_id=item.pk, seen_digest=_digest(item))
            self._deliver()

        yield self._hour(week, day, 8).replace(minute=10 + place), write
        yield self._hour(week, day, 9 + place % 3).replace(minute=5 + place * 7), decide
        yield self._hour(week, day, 13), self._deliver

    def _ask(
        self, text: str, kind: ActionKind = ActionKind.PUBLISH, where: Channel | None = None, to: str = ""
    ) -> Item:
        content = Content(kind=kind, channels=(str((where or self.wall).pk),), text=text, title=text[:60], recipient=to)
        item = create_item(self.agent, content=content)
        return submit_item(self.agent, item_id=item.pk, seen_digest=_digest(item))

    def _arrived(self, item: Item) -> None:
        """The notice to the brand, where silence is to count from it."""
        with brand_scope(self.brand):
            found = Notice.objects.filter(item_id=item.pk, kind=NoticeKind.VETO).first()
        if found is not None:
            notice_delivered(self.brand, notice_id=found.pk)

    def _answer(self) -> None:
        name, text = next(self.answers)
        self._ask(text, ActionKind.ANSWER, to=f"{name.lower()}@membres.example")
        self._deliver()

    def _outside(self, kind: ActionKind, text: str) -> None:
        """A call or an event: approved, then done by a person, who says so."""
        calls = kind is ActionKind.PHONE_CALL
        item = self._ask(text, kind, self.phone if calls else self.field, "+33 1 23 45 67 89" if calls else "")
        if item.state == ItemState.WAITING:
            approve_item(self.actors[Role.APPROVER], item_id=item.pk, seen_digest=_digest(item))
        with brand_scope(self.brand):
            found = list(Dispatch.objects.filter(item=item, state=DispatchState.PENDING))
        for dispatch in found:
            begin_performing(self.agent, dispatch_id=dispatch.pk)
            confirm_performed(self.agent, dispatch_id=dispatch.pk, done=True)

    def _refuse(self) -> None:
        item = self._ask("Notre concurrent augmente ses prix, pas nous !")
        refuse_item(
            self.actors[Role.APPROVER],
            item_id=item.pk,
            seen_digest=_digest(item),
            comment="On ne parle pas des autres.",
        )

    def _veto(self) -> None:
        item = self._ask("Dimanche, on roule sans casque ?")
        self._arrived(item)
        veto_item(self.actors[Role.APPROVER], item_id=item.pk, comment="Jamais, même pour rire.")

    def _stop(self) -> None:
        hold = stop(self.owner, reason="Deuil dans le quartier : on se tait aujourd’hui.")
        resume(self.owner, hold_id=hold.pk)
        self._deliver()

    def _hear(self, many: int) -> None:
        found = []
        for _ in range(many):
            author, text = next(self.heard)
            self.told += 1
            found.append(RawMention(f"past-{self.told}", text=text, author=author, language="fr"))
        before, name = timezone.now(), self.source.name
        take_in(self.brand, self.source.pk, "hand", found, all_kept=True, source_name=name, by=self.owner)
        with brand_scope(self.brand):
            new = list(Mention.objects.filter(source=self.source.pk, copy_of=None, found_at__gte=before))
        for mention in new:
            dismiss_mention(self.agent, mention_id=mention.pk, reason=NoReply.ALREADY)

    def _talk(self) -> None:
        name, said, answered = next(self.talks)
        talk = Talk(
            Medium.FIELD, said, answered, name=name, language="fr", member=self._member(name) if name else None,
            at=timezone.now() - timedelta(minutes=12),
        )  # fmt: skip
        begun = note_talk(self.agent, talk=talk)
        self.last = begun.pk
        if answered:
            close(self.agent, conversation_id=begun.pk)

    def _member(self, name: str) -> UUID:
        """Whoever talks to us often enough to be known; every second one is glad to be named."""
        if name not in self.members:
            glad = len(self.members) % 2 == 0
            about = About(name=name, consent=Consent.GIVEN if glad else Consent.NONE)
            self.members[name] = add_member(self.agent, about=about, info_class=InfoClass.SHARED).pk
            if glad:
                note_naming(
                    self.agent, member_id=self.members[name], consent=Consent.GIVEN, how="De vive voix, ce jour"
                )
        return self.members[name]

    def _learn(self, title: str, said: str, did: str) -> None:
        insight = note_insight(self.agent, title=title, conversation_id=self.last, theme="Au comptoir", wants_word=True)
        decide_insight(self.owner, insight_id=insight.pk, decision="done", why="C’est fait.")
        release_insight(self.owner, insight_id=insight.pk, said=said, did=did)

    def _deliver(self) -> None:
        """What relay and worker would have done by now."""
        for _ in range(3):
            with brand_scope(self.brand):
                due = OutboxRow.objects.filter(kind__startswith="gate.", done_at=None, due_at__lte=timezone.now())
                rows = list(due.values_list("pk", flat=True))
            for row in rows:
                perform(self.brand, row)
            if not rows:
                return


def _digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest
