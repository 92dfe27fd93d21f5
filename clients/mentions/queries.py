"""What stands in a brand's mentions about sorting: what was corrected, what was learnt, whether that proposes. Inside a scope."""

from uuid import UUID

from django.db.models import QuerySet

from clients.mentions.learnt import Asked, Example, Learnt
from clients.mentions.models import KindCorrection, LearningSwitch, LearntModel
from clients.mentions.rules import MentionKind, may_propose
from clients.mentions.sorting import sort

_MOST_KEPT = 256
_kept: dict[UUID, Learnt] = {}


def newest_learnt() -> LearntModel | None:
    """The model with the highest number, without its weights until they are asked for."""
    return LearntModel.objects.defer("weights").order_by("-number").first()


def learnt_models(most: int = 10) -> QuerySet[LearntModel]:
    """The newest first, without their weights."""
    return LearntModel.objects.defer("weights").order_by("-number")[:most]


def learning_is_on() -> bool:
    """Whether the brand wants what was learnt to propose."""
    return bool(LearningSwitch.objects.values_list("on", flat=True).first())


def learnt_in_force() -> Learnt | None:
    """The model that proposes now; None while it is off, or does no better than the rules."""
    model = newest_learnt() if learning_is_on() else None
    if model is None or not may_propose(model.held_out, model.rules_f1, model.learnt_f1):
        return None
    if model.pk not in _kept:  # its row never changes
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[model.pk] = Learnt(model.weights, model.corrections)
    return _kept[model.pk]


def corrections() -> QuerySet[KindCorrection]:
    """The newest of each mention, the oldest of them first."""
    newest = KindCorrection.objects.order_by("mention_id", "-at", "-id").distinct("mention_id").values("pk")
    return KindCorrection.objects.filter(pk__in=newest).select_related("mention").order_by("at", "id")


def examples() -> list[Example]:
    """What people said, as something to learn from."""
    found = []
    for one in corrections():
        said = one.mention
        rules = sort(said.title, said.text, said.language, said.medium)
        text = f"{said.title}\n{said.text}" if said.title else said.text
        found.append(Example(Asked(text, said.language, said.medium, rules), MentionKind(one.kind)))
    return found
