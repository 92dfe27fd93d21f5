"""The writes that the actions share: opening a case, keeping evidence, asking for an act. They need an open transaction."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind
from clients.briefings.entries import HouseRule
from clients.channels.media import Picture
from clients.disclosure.rules import InfoClass, strictness
from clients.gate.actions.submitting import submit_locked
from clients.items.content import Content
from clients.items.steps import begin_item
from clients.moderation.models import Act, Case, Evidence, Raid
from clients.moderation.queries import acts_of, case_called, house_rules, left_at, standing_of
from clients.moderation.rules import BAN, UNHIDE, CaseState, Standing, after
from clients.moderation.sealing import Kept, seal
from clients.moderation.subjects import Subject
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.vocabulary import Side

FOLLOW, RAID, UNRAID = "moderation.follow", "moderation.raid", "moderation.unraid"
"""Kinds of outbox rows: an act that may have left; one thing of a raid, to be hidden; the same, to be shown again."""
LETTER = "moderation.letter"
"""The kind of the outbox row that writes to whom an appeal waits for."""

SOON, SLOWLY = timedelta(seconds=10), timedelta(minutes=10)
"""How soon an act is looked at again: while it leaves, and while it waits for somebody."""
TITLE = 80


def heading_of(subject: Subject) -> str:
    """How the thing begins, so that whoever says yes knows what it is about.

    INVARIANT: no channel refuses an act because of a sign in what a member wrote.
    """
    words = " ".join((subject.title or subject.text).split())
    return "".join(sign for sign in words if sign.isprintable())[:TITLE]


def rule_cited(actor: Actor, number: str) -> HouseRule:
    """The house rule of that number, of those that the person may read. Raises Invalid('unknown_rule', 'rule')."""
    found = next((rule for rule in house_rules(actor) if str(rule.number) == number.strip()), None)
    if found is None:
        raise Invalid("unknown_rule", "rule")
    return found


def case_about(actor: Actor, subject: Subject, rule: HouseRule, picture: Picture | None = None) -> Case:
    """The case of a thing, locked; opened, and the thing kept as evidence, if there is none yet.

    Raises Conflict('nothing_to_moderate') for what stands on no channel of ours.
    """
    if subject.channel is None:
        raise Conflict("nothing_to_moderate")
    given = {
        "channel": subject.channel,
        "target": subject.target,
        "author": subject.author,
        "handle": subject.handle,
        "title": heading_of(subject),
        "language": subject.language,
        "rule": str(rule.number),
        "rule_words": rule.rule,
        "info_class": subject.info_class,
        "named": subject.named,
        "owner_side": subject.owner_side,
    }
    known = case_called(subject.channel, subject.target, subject.info_class, subject.named)
    case, made = (known, False) if known else Case.objects.get_or_create(**subject.about, defaults=given)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if made:
        record(actor, "moderation.opened", case, rule=str(rule.number))
    if made or picture:
        keep(actor, case, subject, picture)
    return case


def keep(actor: Actor, case: Case, subject: Subject, picture: Picture | None) -> Evidence:
    """The thing as it is now, encrypted, for the brand alone."""
    kept = Kept(
        title=subject.title,
        text=subject.text,
        author=subject.author,
        handle=subject.handle,
        url=subject.url,
        said_at=subject.said_at.isoformat() if subject.said_at else "",
        picture=picture.data if picture else b"",
        mime=picture.mime if picture else "",
    )
    evidence_id = uuid7()
    sealed, digest = seal(kept, brand_id=actor.brand.id, evidence_id=evidence_id)
    evidence: Evidence = Evidence.objects.create(
        pk=evidence_id,
        case=case,
        sealed=sealed,
        digest=digest,
        picture=bool(picture),
        by_name=actor.name,
        info_class=InfoClass.BRAND,
        owner_side=str(Side.BRAND),
    )
    record(actor, "moderation.evidence", evidence, digest=digest, picture=bool(picture))
    return evidence


def ask_for(actor: Actor, case: Case, kind: ActionKind, *, rule: str, why: str = "", raid: Raid | None = None) -> Act:
    """One act upon a locked case, brought to the gate. What the gate says is its item's state.

    INVARIANT: both sides read every item, so of a stricter case neither its words nor the reason stand on one.
    """
    shared = strictness(case.info_class) <= strictness(InfoClass.SHARED)
    content = Content(
        kind=kind,
        channels=(str(case.channel),),
        text="",
        title=case.title if shared else "",
        target="" if kind is BAN else case.target,
        recipient=case.handle if kind is BAN else "",
        rule="" if kind is UNHIDE else rule,
    )
    item = begin_item(actor, content, why if shared else "")
    submit_locked(actor, item)
    act: Act = Act.objects.create(
        case=case,
        number=case.acts.count() + 1,
        kind=kind,
        item=item,
        rule=content.rule,
        why=why,
        raid=raid,
        by_person=actor.somebody,
        by_name=actor.name,
        side=str(actor.side),
    )
    case.acted_at = act.at
    case.save(update_fields=("acted_at",))
    record(actor, "moderation.asked", case, act=str(kind), rule=content.rule, item=str(item.pk))
    enqueue(FOLLOW, {"act": str(act.pk)}, key=str(act.pk), due_at=timezone.now() + SOON)
    return act


def cite(case: Case, rule: HouseRule) -> None:
    """The newest act cites this rule."""
    case.rule, case.rule_words = str(rule.number), rule.rule
    case.save(update_fields=("rule", "rule_words"))


def standing_now(case: Case) -> Standing:
    return standing_of(case, acts_of([case.pk]).get(case.pk, ()))


def reckon(actor: Actor, case: Case) -> None:
    """The state of a locked case: what the acts that have left add up to, in the order in which they left."""
    acts: Sequence[Act] = acts_of([case.pk]).get(case.pk, ())
    left = left_at(acts)
    done = sorted((left[act.item_id], act.number, act) for act in acts if act.item_id in left)
    state, banned = CaseState.VISIBLE, None
    for moment, _number, act in done:
        state = after(state, ActionKind(act.kind))
        banned = moment if act.kind == BAN else banned
    if (state, banned) == (case.state, case.banned_at):
        return
    was, case.state, case.banned_at = case.state, state, banned
    case.save(update_fields=("state", "banned_at"))
    record(actor, "moderation.stands", case, was=str(was), now=str(state), banned=banned is not None)
