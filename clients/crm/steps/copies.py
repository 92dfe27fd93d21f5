"""What stands here of another row's words is never kept less strictly than that row is. Inside an open transaction."""

from collections.abc import Iterable

from django.db.models import Q

from clients.crm.models import Ticket, TimelineEntry
from clients.custody.models import Conversation
from clients.disclosure.models import Classified
from clients.disclosure.rules import InfoClass, strictness
from clients.disclosure.steps import tell_change
from clients.insights.models import Insight
from clients.people.actor import Actor


def raise_copies(actor: Actor, copies: Iterable[Classified], info_class: str, named: Iterable[str] = ()) -> None:
    """Those that are kept less strictly have this class from now on; who knew them is told that they are gone."""
    names = list(named)
    for one in copies:
        was = one.info_class
        if strictness(was) > strictness(info_class) or (was, one.named) == (info_class, names):
            continue
        one.info_class, one.named = InfoClass(info_class), names
        one.save(update_fields=("info_class", "named"))
        tell_change(actor, one, was=was, lowers=False, reason="")


def follow(actor: Actor, row: Classified) -> None:
    """The class of a conversation or an insight was changed: what systems read of it has the same, or stays stricter."""
    if isinstance(row, Insight):
        copies: list[Classified] = [*_noted(Q(ref__startswith=f"insight:{row.pk}:"))]
    elif isinstance(row, Conversation):
        tickets = list(Ticket.objects.filter(conversation=row).select_for_update(of=("self",)))
        refs = [f"ticket:{one.pk}" for one in tickets]
        copies = [*tickets, *_noted(Q(ref__startswith=f"{row.pk}:") | Q(ref__in=refs))]
    else:
        return
    raise_copies(actor, copies, row.info_class, row.named)


def _noted(which: Q) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.select_for_update(of=("self",)).filter(which, here=True))
