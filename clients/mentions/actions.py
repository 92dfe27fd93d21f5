"""Taking mentions in, correcting how they were sorted, and learning from that."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint, Sensitivity
from clients.crisis.steps import look_soon
from clients.disclosure.rules import InfoClass
from clients.mentions import intake, storing
from clients.mentions.access import access_mention
from clients.mentions.learnt import judge_in_turn, learn, scores
from clients.mentions.models import KindCorrection, LearningSwitch, LearntModel, Mention
from clients.mentions.normal import once
from clients.mentions.queries import examples, learnt_in_force, newest_learnt
from clients.mentions.raw import RawMention
from clients.mentions.rules import FEWEST_CORRECTIONS, MentionKind, SortedBy
from clients.mentions.urgency import priority
from clients.mentions.watching import watch_in_force
from clients.people.access import require, require_process
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import BrandRef, durable

AT_ONCE = 1_000
_TRIES = 3


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of what was handed over: stored, known before, not watched for; of those stored, how many are copies."""

    new: int = 0
    known: int = 0
    unmatched: int = 0
    copies: int = 0

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(
            self.new + other.new,
            self.known + other.known,
            self.unmatched + other.unmatched,
            self.copies + other.copies,
        )


def take_in(
    brand: BrandRef,
    source_id: UUID,
    medium: str,
    raws: Sequence[RawMention],
    *,
    all_kept: bool,
    source_name: str = "",
    info_class: InfoClass = InfoClass.SHARED,
    owner_side: str = "brand",
    by: Actor | None = None,
) -> TakenIn:
    """The one door for what is found. Safe to repeat: what a source brought before is known by what the source calls it.

    `all_kept`: kept whether it is watched for or not, because it is addressed to the brand. `by`: the person who brings it, whose
    right to the caller has asked for; a process of the installation otherwise.
    """
    origin = intake.Origin(source_id, medium, source_name, info_class, owner_side, all_kept)
    named, total = list(once(raws).items()), TakenIn()
    with durable(brand):
        for start in range(0, len(named), AT_ONCE):
            total += _batch(dict(named[start : start + AT_ONCE]), origin)
        if total.new:
            actor = by or process_of(brand, EntryPoint.WORKER, "intake")
            record(actor, "mention.taken_in", None, source=str(source_id), **asdict(total))
            look_soon()
    return total


def _batch(raws: dict[str, RawMention], origin: intake.Origin) -> TakenIn:
    """Somebody else may bring the same at the same moment: then what they have stored is known, and the rest is tried again."""
    for left in reversed(range(_TRIES)):
        known = storing.known(origin.source, list(raws))
        fresh = {key: raw for key, raw in raws.items() if key not in known}
        if not fresh:
            return TakenIn(known=len(known))
        batch = intake.work_through(fresh, origin, watch_in_force(), learnt_in_force(), timezone.now())
        try:
            with transaction.atomic():
                intake.store(batch, origin)
        except IntegrityError:
            if not left:
                raise
            continue
        return TakenIn(len(batch.made), len(known), batch.unmatched, len(batch.copies))
    raise AssertionError


def correct_kind(actor: Actor, *, mention_id: UUID, kind: MentionKind) -> Mention:
    """Say what kind a mention is: a person's word, which wins, and from which the brand's model learns.

    Raises Missing('mention'), Refused('not_allowed'), Invalid('unknown_mention_kind', 'kind').
    """
    require(actor, Verb.MENTION_TRIAGE)
    if kind not in set(MentionKind):
        raise Invalid("unknown_mention_kind", "kind")
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        was = mention.kind
        mention.kind, mention.sorted_by, mention.kind_why = MentionKind(kind), SortedBy.PERSON, []
        mention.priority, mention.priority_why = priority(
            MentionKind(kind),
            Sensitivity(mention.sensitivity),
            addressed="addressed +10" in mention.priority_why,
            matched=len(mention.matched),
        )
        mention.save(update_fields=("kind", "sorted_by", "kind_why", "priority", "priority_why"))
        KindCorrection.objects.create(mention=mention, was=was, kind=kind, by_person=actor.somebody)
        record(actor, "mention.sorted", mention, was=str(was), now=str(kind))
    return mention


def learn_from_corrections(actor: Actor) -> LearntModel | None:
    """For a worker: a new model where there are new corrections, with how well it does on each fifth while that is kept aside.

    None where there are too few, or none that the newest model has not seen. Raises Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        found, former = examples(), newest_learnt()
        if len(found) < FEWEST_CORRECTIONS or (former and former.corrections == len(found)):
            return None
        judged = judge_in_turn(found)
        rules_f1, learnt_f1 = scores(judged)
        model = LearntModel.objects.create(
            number=former.number + 1 if former else 1,
            weights=learn(found),
            corrections=len(found),
            held_out=len(judged),
            rules_f1=rules_f1,
            learnt_f1=learnt_f1,
        )
        record(actor, "mention.learnt", model, number=model.number, corrections=len(found), held_out=len(judged))
    return model


def switch_learning(actor: Actor, *, on: bool) -> LearningSwitch:
    """Whether what was learnt may propose. The brand alone says so.

    Raises Refused('not_allowed'), Conflict('nothing_learnt') where there is no model yet.
    """
    require(actor, Verb.BRIEFING_WRITE)
    with durable(actor.brand):
        if on and newest_learnt() is None:
            raise Conflict("nothing_learnt")
        switch = LearningSwitch.objects.create(on=on, by_person=actor.somebody)
        record(actor, "mention.learning", switch, on=on)
    return switch
