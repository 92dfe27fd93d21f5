"""The doors to one case, its evidence, an appeal, a raid: refused equals absent."""

from uuid import UUID

from django.db import connection

from clients.custody.access import access_conversation
from clients.custody.models import Turn
from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.mentions.access import access_mention
from clients.moderation.models import Appeal, Calm, Case, Evidence, Raid
from clients.moderation.queries import readable_cases
from clients.moderation.rules import AppealState
from clients.moderation.sealing import Kept, unseal
from clients.moderation.subjects import Subject, of_mention, of_turn
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing
from tenants.models import BrandPerson
from tenants.vocabulary import Side


def require_moderation(actor: Actor) -> None:
    """Whoever sorts what was said and may bring items of their own. Raises Refused('not_allowed')."""
    require(actor, Verb.MENTION_TRIAGE)
    require(actor, Verb.ITEM_CREATE)
    require(actor, Verb.ITEM_SUBMIT)


def reading(case: Case) -> Reading:
    """A case, as the log names what was read."""
    return Reading(Case._meta.label_lower, case.pk, "", case.info_class)


def access_case(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """One case that `actor` may read. Missing('case') otherwise."""
    require(actor, Verb.MENTION_READ)
    rows = readable_cases(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise Missing("case")
    if not lock:
        note_reads(actor, [reading(case)], subject=case)
    return case


def access_subject(actor: Actor, *, mention_id: UUID | None = None, turn_id: UUID | None = None) -> Subject:
    """What is to be moderated, if `actor` may read it; a turn that is a mention is that mention.

    Raises Missing('mention' | 'turn'), Conflict('nothing_to_moderate').
    """
    if mention_id is not None:
        return of_mention(access_mention(actor, mention_id))
    require(actor, Verb.MENTION_READ)
    turn = Turn.objects.select_related("conversation").filter(pk=turn_id).first() if turn_id else None
    if turn is None:
        raise Missing("turn")
    access_conversation(actor, turn.conversation_id)
    return of_mention(access_mention(actor, turn.mention)) if turn.mention else of_turn(turn)


def open_evidence(actor: Actor, case_id: UUID, evidence_id: UUID) -> tuple[Evidence, Kept]:
    """The thing as it was, for the brand alone; that it is read stands in the log. Missing('evidence') otherwise.

    Raises Conflict('secret_unreadable'), ValueError('evidence_altered').
    """
    case = access_case(actor, case_id)
    found = Evidence.objects.filter(pk=evidence_id, case=case).first()
    evidence: Evidence = require_readable(actor, found, "evidence")
    reading = Reading(Evidence._meta.label_lower, evidence.pk, evidence.digest, evidence.info_class)
    note_reads(actor, [reading], subject=evidence)
    kept = unseal(evidence.sealed, brand_id=actor.brand.id, evidence_id=evidence.pk, digest=evidence.digest)
    return evidence, kept


def access_appeal(actor: Actor, appeal_id: UUID) -> tuple[Appeal, Case]:
    """One appeal and its case, both locked. Missing('appeal') otherwise."""
    require(actor, Verb.MENTION_TRIAGE)
    about = Appeal.objects.filter(pk=appeal_id).values("case")
    case = readable_cases(actor).select_for_update(of=("self",)).filter(pk__in=about).first()
    appeal = Appeal.objects.select_for_update().filter(pk=appeal_id).first()
    if case is None or appeal is None:
        raise Missing("appeal")
    return appeal, case


def appeal_to_mail(appeal_id: UUID) -> tuple[Appeal, BrandPerson] | None:
    """For a letter: what still waits, and for whom, if they still have a place here."""
    appeal = Appeal.objects.filter(pk=appeal_id, state=AppealState.OPEN).first()
    person = appeal and BrandPerson.objects.filter(live=True, person_id=appeal.to_person).first()
    return (appeal, person) if appeal and person else None


def access_raid(actor: Actor, raid_id: UUID, *, lock: bool = False) -> Raid:
    """Missing('raid') otherwise."""
    require(actor, Verb.MENTION_TRIAGE)
    raid = (Raid.objects.select_for_update() if lock else Raid.objects).filter(pk=raid_id).first()
    if raid is None:
        raise Missing("raid")
    return raid


def raid_being_done(raid_id: UUID) -> Raid:
    """For a worker: beside other workers on the same raid, and against whoever takes it back (`access_raid`, `lock`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM moderation_raid WHERE id = %s FOR KEY SHARE", [raid_id])
    return Raid.objects.get(pk=raid_id)


def may_undo(actor: Actor, raid: Raid) -> bool:
    """What the brand began is no agency's to take back."""
    return actor.side is not Side.AGENCY or raid.side != Side.BRAND


def may_end(actor: Actor, calm: Calm) -> bool:
    """What the brand decided is no agency's to end."""
    return actor.side is not Side.AGENCY or calm.side != Side.BRAND


def access_calm(actor: Actor, calm_id: UUID) -> Calm:
    """One decision that still holds, locked, about something that `actor` may read. Missing('calm') otherwise."""
    require(actor, Verb.MENTION_TRIAGE)
    calm = Calm.objects.select_for_update().filter(pk=calm_id, ended_at=None).first()
    if calm is None:
        raise Missing("calm")
    if calm.mention_id:
        access_mention(actor, calm.mention_id)
    elif calm.conversation_id:
        access_conversation(actor, calm.conversation_id)
    return calm
