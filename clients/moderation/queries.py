"""Lists of cases, what was asked for in each and what it waits for, appeals, raids, and what is let be. Inside a scope."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from clients.approvals.models import Verdict
from clients.approvals.words import VerdictKind
from clients.audit.erasing.values import Sought
from clients.autonomy.vocabulary import ActionKind, Reason
from clients.briefings.access import words_open_to
from clients.briefings.entries import HouseRule, house_rules_of
from clients.channels.models import Channel
from clients.channels.naming import tail_of
from clients.channels.queries import kinds_by_tail
from clients.custody.models import Conversation
from clients.disclosure.models import readable_by
from clients.gate.models import DecisionRecord, Receipt
from clients.items.life import ItemState
from clients.mentions.models import Mention
from clients.moderation.models import Act, Appeal, Calm, Case, Evidence, Raid
from clients.moderation.rules import AppealState, CaseState, Standing
from clients.moderation.sealing import unseal
from clients.people.actor import Actor
from tenants.errors import Conflict
from tenants.walls.scope import required_brand

UNDER_WAY = frozenset(
    {
        ItemState.DRAFT,
        ItemState.SUBMITTED,
        ItemState.WAITING,
        ItemState.IN_VETO,
        ItemState.CLEARED,
        ItemState.SENDING,
        ItemState.HELD,
        ItemState.UNCERTAIN,
    }
)
"""An act in one of these may still come; what failed, was refused or taken back may be asked for anew."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What the gate said last of an act: what it waits for. `until`: the morning, where that is still to come."""

    until: datetime | None
    second_person: bool
    reasons: tuple[str, ...]


def house_rules(actor: Actor) -> list[HouseRule]:
    """Those of the briefing in force that `actor` may read."""
    return house_rules_of(words_open_to(actor))


def readable_cases(actor: Actor) -> QuerySet[Case]:
    """A case is read by whoever reads the very thing that it is about, whatever class that has by now."""
    found: QuerySet[Case] = Case.objects.readable_by(actor)
    return found.filter(
        Q(mention=None) | readable_by(actor, "mention__"), Q(turn=None) | readable_by(actor, "turn__conversation__")
    )


def cases(actor: Actor, state: str = "", before: datetime | None = None) -> QuerySet[Case]:
    """Newest first; in one state, or those of which an act is under way ('waiting')."""
    found = readable_cases(actor)
    if state in set(CaseState):
        found = found.filter(state=state)
    elif state == "waiting":
        found = found.filter(acts__item__state__in=UNDER_WAY).distinct()
    if before is not None:
        found = found.filter(acted_at__lt=before)
    return found.order_by("-acted_at", "-id")


def case_called(channel: UUID | None, target: str, info_class: str, named: Collection[str]) -> Case | None:
    """The case of the same thing under the other name that its network has for it, for the same readers; None elsewhere."""
    if channel is None or not tail_of(target):
        return None
    there = Channel.objects.filter(pk=channel, kind__in=kinds_by_tail())
    found = Case.objects.filter(Exists(there), channel=channel, info_class=info_class, named=list(named))
    found = found.filter(Q(target=tail_of(target)) | Q(target__endswith=f"_{tail_of(target)}"))
    return found.order_by("opened_at").first()


def acts_of(ids: Iterable[UUID]) -> dict[UUID, list[Act]]:
    """The acts of each case with their items, in order. One query."""
    found: dict[UUID, list[Act]] = {}
    for act in Act.objects.filter(case__in=list(ids)).select_related("item__version").order_by("number"):
        found.setdefault(act.case_id, []).append(act)
    return found


def standing_of(case: Case, acts: Iterable[Act]) -> Standing:
    under_way = frozenset(ActionKind(act.kind) for act in acts if act.item.state in UNDER_WAY)
    return Standing(CaseState(case.state), under_way)


def waits_of(item_ids: Collection[UUID]) -> dict[UUID, Wait]:
    """The newest answer about each item. One query."""
    asked = DecisionRecord.objects.filter(item_id__in=list(item_ids))
    newest = asked.order_by("item_id", "-at", "-id").distinct("item_id")
    return {record.item_id: _wait(record) for record in newest}


def left_at(acts: Iterable[Act]) -> dict[UUID, datetime]:
    """When the acts that have left did, by the ids of their items. One query."""
    receipts = Receipt.objects.filter(item_id__in=[act.item_id for act in acts])
    return dict(receipts.values_list("item_id", "sent_at"))


def people_who_acted(case: Case) -> set[UUID]:
    """Who asked for an act of this case, who said yes to one, and by whose right one goes out."""
    acts = list(case.acts.select_related("item"))
    items = [act.item_id for act in acts]
    said = Verdict.objects.filter(item_id__in=items, kind=VerdictKind.YES).values_list("person_id", flat=True)
    doers = {act.item.doer_id for act in acts if act.item.doer_id}
    return {act.by_person for act in acts} | set(said) | doers


def appeals_for(actor: Actor) -> QuerySet[Appeal]:
    """Open ones that this person is to answer, oldest first."""
    mine = Appeal.objects.filter(to_person=actor.somebody, state=AppealState.OPEN, case__in=readable_cases(actor))
    return mine.select_related("case").order_by("at", "id")


def newest_raids(limit: int = 5) -> QuerySet[Raid]:
    return Raid.objects.order_by("-at", "-id")[:limit]


def acts_of_raid(raid: Raid) -> QuerySet[Act]:
    return raid.acts.select_related("item", "case").order_by("at", "id")


def calm_now(*, mention: Mention | None = None, conversation: Conversation | None = None) -> list[Calm]:
    """What was decided about one thing and holds at this moment, newest first."""
    holding = Calm.objects.filter(ended_at=None, until__gt=timezone.now())
    return list(holding.filter(mention=mention, conversation=conversation))


def with_hosts(talks: Collection[UUID]) -> set[UUID]:
    """These conversations, and what they were merged into: what is said in the one is said in the other."""
    hosts = Conversation.objects.filter(merged__in=talks) if talks else Conversation.objects.none()
    return {*talks, *hosts.values_list("pk", flat=True)}


def evidence_naming(sought: Sought) -> list[UUID]:
    """Evidence in which one of the values stands. What nobody can open any more is nobody's."""
    brand_id, found = required_brand().id, []
    for one in Evidence.objects.iterator(chunk_size=100):
        try:
            kept = unseal(one.sealed, brand_id=brand_id, evidence_id=one.pk, digest=one.digest)
        except (Conflict, ValueError):
            continue
        if sought.found_in(kept.words):
            found.append(one.pk)
    return found


def _wait(record: DecisionRecord) -> Wait:
    until = record.question.get("cools_until") if Reason.COOLING_OFF in record.reasons else None
    return Wait(
        until=datetime.fromisoformat(until) if until else None,
        second_person=Reason.SECOND_PERSON_MISSING in record.reasons or Reason.APPROVAL_MISSING in record.reasons,
        reasons=tuple(record.reasons),
    )
