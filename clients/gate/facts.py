"""From the rows of this moment to one Question. The only place where the gate looks anything up."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from clients.approvals.models import Verdict
from clients.approvals.queries import Word, last_yes, standing_in_force, word_of_brand
from clients.approvals.rules import Template, answer_matching, hold_covers, matching
from clients.approvals.words import VerdictKind
from clients.autonomy.grant import Charter
from clients.autonomy.question import NO_WINDOW, Question, Window, Yes
from clients.autonomy.vocabulary import ActionKind, Sensitivity, WindowState
from clients.briefings.guidance import Guidance, guidance_for
from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand, home_of
from clients.crisis.queries import LATELY, Lately, crises_lately, lately_from
from clients.gate.calm import NO_CALM, Calmness, calm_over
from clients.gate.care import NO_CARE, Care, care_for
from clients.gate.cooling import Moderation, moderation_by
from clients.gate.crises import holds_own, is_in_force, knew
from clients.gate.holding import held_by
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.content import Content
from clients.items.models import Item
from clients.mandates.queries import NO_BOND, Bond, bond_with, charter_version
from clients.outbox.brake import count_alone
from clients.people.actor import Actor
from tenants.vocabulary import Role, Side


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same for all channels of one item at one moment."""

    doer: Actor
    item: Item
    content: Content
    digest: str
    moment: datetime  # aware, in the brand's time zone
    bond: Bond
    guidance: Guidance
    care: Care
    word: Word
    window: Window
    open_channels: frozenset[UUID]
    leaving: bool
    moderation: Moderation | None
    held_by: Mapping[str, str]
    calm: Mapping[UUID, Calmness]
    crises: tuple[Lately, ...] = ()
    decided_at: datetime | None = None

    @property
    def sensitivity(self) -> Sensitivity:
        """What the act counts as: what its author said, or more."""
        return self.care.sensitivity or self.content.sensitivity


def gather(
    doer: Actor,
    item: Item,
    now: datetime,
    *,
    leaving: bool,
    since: datetime | None = None,
    only: Channel | None = None,
    decided_at: datetime | None = None,
) -> Facts:
    """All that does not depend on the channel. `doer` is by whose right the item would go out, as they stand now.

    `leaving`: the act leaves if the answer permits it, so what is counted (daily caps, uses) is counted alone.
    Nor does the conversation that is answered come into other hands before that.
    INVARIANT: no question on these facts is about an act that was due before `since`: brakes lifted by then are not read.
    `only`: the one channel that is asked about, where this transaction has read it; under the brake if the act leaves.
    `decided_at`: for an act that leaves, when people decided that it should.
    """
    version = item.version
    assert version is not None
    agency = doer.side is Side.AGENCY
    content, moment = version.exact_content(), now.astimezone(ZoneInfo(doer.brand.time_zone))
    channels = [only] if only else list(channels_of_brand().open())
    guidance, lately = guidance_for(doer.person_id, also=LATELY) if agency else (Guidance(), None)
    homes = _homes(content, channels, only)
    crises = crises_lately() if decided_at and not agency else lately_from(lately)
    word = word_of_brand(
        item.pk, version.digest, since=since, standing_for=content.kind if agency else None, today=moment.date()
    )
    return Facts(
        doer=doer,
        item=item,
        content=content,
        digest=version.digest,
        moment=moment,
        bond=bond_with(doer.agency_id) if agency and doer.agency_id else NO_BOND,
        guidance=guidance,
        care=care_for(content, guidance, moment, crisis=is_in_force(crises)) if agency else NO_CARE,
        word=word,
        window=_window(word),
        open_channels=frozenset(channel.pk for channel in channels if channel.is_open),
        leaving=leaving,
        moderation=moderation_by(item, content, guidance if agency else None),
        # INVARIANT: asked for before what is let be: whoever decides that takes the lock that this one holds.
        held_by=held_by(doer, item, content, homes, leaving=leaving),
        calm=calm_over(item, content, homes),
        crises=crises,
        decided_at=decided_at,
    )


def _homes(content: Content, channels: Collection[Channel], only: Channel | None) -> dict[UUID, str]:
    """The channels that are asked about, and at which host each is at home. Nothing leaves over what is not open."""
    known = {channel.pk: home_of(channel) for channel in channels}
    return known if only else {pk: known.get(pk, "") for pk in map(UUID, content.channels)}


def question_on(facts: Facts, channel: str, due: datetime) -> Question:
    """The question for one channel. `due` is when the act was meant to leave."""
    doer, content = facts.doer, facts.content
    return Question(
        brand=str(doer.brand.id),
        person=str(doer.person_id or ""),
        side=doer.side,
        role=doer.role,
        via=doer.via,
        kind=content.kind,
        channel=channel,
        sensitivity=facts.sensitivity,
        digest=facts.digest,
        moment=facts.moment,
        mandate=facts.bond.state,
        channel_open=UUID(channel) in facts.open_channels,
        briefing_version=facts.guidance.number,
        briefing_acknowledged=facts.guidance.acknowledged,
        not_after=content.not_after,
        authors=_authors(facts),
        needs=facts.word.needs,
        yeses=tuple(_yes(v) for v in facts.word.verdicts if v.kind == VerdictKind.YES and _knew(facts, v, due)),
        said_no=tuple(sorted({v.digest for v in facts.word.verdicts if v.kind != VerdictKind.YES})),
        standing=_standing(facts, channel),
        window=facts.window,
        holds=_holds(facts, channel, due),
        sent_today=_sent_today(facts, channel, facts.bond.charter),
        raised=facts.care.raised,
        barred=facts.care.barred,
        cautions=facts.care.cautions,
        held_by=facts.held_by.get(channel, ""),
        **facts.calm.get(UUID(channel), NO_CALM)._asdict(),
        **(facts.moderation.on(channel) if facts.moderation else {}),
    )


def _authors(facts: Facts) -> tuple[str, ...]:
    """Who wrote or brought it. Who made an act of moderation of it has asked for that act, whoever brought the item."""
    item = facts.item
    asker = item.version.author_id if facts.moderation and item.version else None
    return tuple(sorted({str(p) for p in (item.author_id, item.submitter_id, asker) if p}))


def _knew(facts: Facts, verdict: Verdict, due: datetime) -> bool:
    return knew(facts.crises, verdict.at, facts.content.not_before or due)


def _yes(verdict: Verdict) -> Yes:
    return Yes(str(verdict.person_id), Side(verdict.side), Role(verdict.role), verdict.digest)


def _window(word: Word) -> Window:
    row = word.window
    return Window(WindowState(row.state), row.digest, row.closes_at) if row else NO_WINDOW


def _standing(facts: Facts, channel: str) -> str:
    today = facts.moment.date()
    templates: Collection[Template] = facts.word.standing
    if facts.leaving and any(template.uses_left is not None for template in templates):
        count_alone(facts.doer.brand, "standing")
        templates = standing_in_force(facts.content.kind, today)
    # A template was signed for what is routine; what became sensitive since is no longer that.
    content = replace(facts.content, sensitivity=facts.sensitivity) if facts.care.raised else facts.content
    return matching(templates, content, channel, today) or answer_matching(
        facts.guidance.answers, facts.guidance.number, facts.content, channel
    )


def _holds(facts: Facts, channel: str, due: datetime) -> tuple[str, ...]:
    """Brakes that cover the act. One lifted since `due` counts until the brand says yes to this content after lifting it.

    A brake on a person covers what they wrote, brought or would send: a colleague's hand does not get it past.
    """
    said_yes = last_yes(facts.word.verdicts, facts.digest)
    item, kind = facts.item, facts.content.kind
    people = {str(person) for person in (item.author_id, item.submitter_id, item.doer_id)}
    own = holds_own(facts.crises, facts.decided_at) if facts.decided_at and facts.doer.side is Side.BRAND else ()
    return own + tuple(
        str(hold.id)
        for hold in facts.word.holds
        if (hold.lifted_at is None or hold.lifted_at > due)
        and any(
            hold_covers(hold.scope, hold.value, channel=channel, kind=kind, person=person, item=str(item.pk))
            for person in people
        )
        and (hold.lifted_at is None or said_yes is None or said_yes <= hold.lifted_at)
    )


def _performed_by_people() -> list[UUID]:
    return [c.pk for c in channels_of_brand(revoked=True) if c.capabilities.performed_by_person]


def _sent_today(facts: Facts, channel: str, charter: Charter) -> tuple[tuple[str, int], ...]:
    capped = [
        g.key for g in charter.covering(channel, facts.content.kind, facts.sensitivity) if g.daily_cap is not None
    ]
    if not capped:
        return ()
    midnight = datetime.combine(facts.moment.date(), time.min, facts.moment.tzinfo)
    for key in sorted(capped) if facts.leaving else ():
        count_alone(facts.doer.brand, key)
    gone = Q(state__in=(DispatchState.SENT, DispatchState.UNCERTAIN), ended_at__gte=midnight)
    # What a person is performing has left, as far as anybody here can tell.
    begun = Q(state=DispatchState.SENDING, started_at__gte=midnight, channel_id__in=_performed_by_people())
    # Nor does anybody know yet of what failed without saying how far it came; the act itself is not in its own way.
    unknown = Q(state=DispatchState.SENDING, started_at__gte=midnight) & ~Q(error="")
    others = Dispatch.objects.exclude(item=facts.item, channel_id=channel, state=DispatchState.SENDING)
    sent = Counter(
        key for act in others.filter(gone | begun | unknown).values_list(*_ASKED) for key in _counted_by(*act)
    )
    return tuple((key, sent[key]) for key in sorted(capped))


_ASKED = (
    "decision__charter_id",
    *(f"decision__question__{name}" for name in ("channel", "kind", "sensitivity", "moment")),
)


def _counted_by(charter_id: UUID | None, channel: str, kind: str, sensitivity: str, moment: str) -> list[str]:
    """The grants that count an act, under the charter by which it left; the brand's own acts count for none."""
    if charter_id is None:
        return []
    asked = ActionKind(kind), Sensitivity(sensitivity), datetime.fromisoformat(moment)
    return [grant.key for grant in charter_version(charter_id).held_by(channel, *asked)]
