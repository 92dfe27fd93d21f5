"""The two writes that move an item, for the actions of this feature and of the gate. They need an open transaction.

INVARIANT: an item's state and version change nowhere else, and only with its row locked.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.items.content import Content, digest_of
from clients.items.life import MOVE_OF_AGENCY, MOVE_OF_BRAND, Event, ItemState, after
from clients.items.models import Item, ItemVersion, Series
from clients.items.problems import problems_of
from clients.items.rules import problems_of_shape
from clients.people.actor import Actor
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Side
from tenants.walls.added import add_together

Guard = Callable[[Item, Content], None]
_GUARDS: list[Guard] = []


def guards_content(guard: Guard) -> Guard:
    """Whoever lies above and ties items to something of its own is asked about each later content; it raises or does not."""
    _GUARDS.append(guard)
    return guard


def lock_item(item_id: UUID) -> Item:
    """The item's row, locked until the transaction ends. Missing('item') if there is none."""
    item = Item.objects.select_for_update(of=("self",)).select_related("version").filter(pk=item_id).first()
    if item is None:
        raise Missing("item")
    return item


def require_no_meddling(actor: Actor, item: Item) -> None:
    """Refused('other_sides_item') for an agency: what the brand brought itself, or another agency wrote, is not its to move."""
    if actor.side is not Side.AGENCY:
        return
    brought_by_brand = item.doer_side == Side.BRAND and item.state != ItemState.DRAFT
    others = item.author_side == Side.AGENCY and item.author_id != actor.person_id
    if brought_by_brand or (others and _agency_of(item.author_id) != actor.agency_id):
        raise Refused("other_sides_item")


def require_own_series(actor: Actor, series: Series) -> None:
    """Refused('other_sides_item') for an agency, unless one of its own people began the series."""
    if actor.side is Side.AGENCY and _agency_of(series.author_id) != actor.agency_id:
        raise Refused("other_sides_item")


def _agency_of(person_id: UUID) -> UUID | None:
    """The agency that somebody works or worked for in this brand."""
    return BrandPerson.objects.filter(person_id=person_id).values_list("agency_id", flat=True).first()


def give_right(item: Item, actor: Actor) -> None:
    """From now on the item goes out, if it does, by the right of this person on this side."""
    item.doer_id, item.doer_side = actor.somebody, str(actor.side)
    item.save(update_fields=("doer_id", "doer_side"))


def bring(item: Item, actor: Actor) -> None:
    """The item comes to the gate: by whose hand and right, and with no deadline of an earlier time. Conflict as `move`."""
    step = _take(item, Event.SUBMIT)
    item.doer_id, item.doer_side = actor.somebody, str(actor.side)
    item.submitter_id, item.submitted_at, item.decide_by = actor.somebody, timezone.now(), None
    item.save(update_fields=(*step, "doer_id", "doer_side", "submitter_id", "submitted_at", "decide_by"))


def set_deadline(item: Item, decide_by: datetime | None) -> None:
    """Until when the brand should decide; None until it is asked anew."""
    item.decide_by = decide_by
    item.save(update_fields=("decide_by",))


def move(item: Item, event: Event) -> ItemState:
    """Take one step of the life table. Conflict('not_in_this_state') where the table does not know it."""
    item.save(update_fields=_take(item, event))
    return ItemState(item.state)


def _take(item: Item, event: Event) -> tuple[str, ...]:
    """The step itself, not yet saved: the names of what is to be saved."""
    assert transaction.get_connection().in_atomic_block
    state = after(ItemState(item.state), event)
    if state is None:
        raise Conflict("not_in_this_state", state=str(item.state), event=str(event))
    if state != item.state:
        item.state_since = timezone.now()
    item.state, item.move_of = state, _move_of(state)
    return "state", "state_since", "move_of"


def _move_of(state: ItemState) -> str:
    if state in MOVE_OF_BRAND:
        return str(Side.BRAND)
    return str(Side.AGENCY) if state in MOVE_OF_AGENCY else ""


def begin_item(actor: Actor, content: Content, note: str = "") -> Item:
    """A new draft with its first content, and the line in the log that tells of it."""
    item = Item(author_id=actor.somebody, author_name=actor.name, author_side=str(actor.side))
    version = _next_version(item, actor, content, note)
    _point_to(item, version, content)
    add_together(item, version)
    record(actor, "item.created", item, digest=version.digest)
    return item


def write_version(item: Item, actor: Actor, content: Content, note: str = "") -> ItemVersion:
    """Add the next content to a locked item and point to it. An issue of a series stays one, and the rule stays cited.

    Raises what the features above that guard contents do: whoever writes it, and by whichever action.
    """
    if item.version:
        for guard in _GUARDS:
            guard(item, content)
        before = item.version.content
        content = replace(content, series=before.get("series", ""), rule=content.rule or before.get("rule", ""))
    version = _next_version(item, actor, content, note)
    version.save(force_insert=True)
    _point_to(item, version, content)
    item.save(update_fields=("version", "title", "kind", "sensitivity", "not_before"))
    return version


def _next_version(item: Item, actor: Actor, content: Content, note: str) -> ItemVersion:
    data = content.as_data()
    return ItemVersion(
        item=item,
        number=item.version.number + 1 if item.version else 1,
        content=data,
        digest=digest_of(data),
        author_id=actor.somebody,
        author_name=actor.name,
        author_side=str(actor.side),
        note=note,
    )


def _point_to(item: Item, version: ItemVersion, content: Content) -> None:
    """What the item says of its content, not yet saved."""
    item.version, item.title, item.kind = version, content.title or content.text[:80], content.kind
    item.sensitivity, item.not_before = content.sensitivity, content.not_before


def check_shape(content: Content) -> None:
    """A draft may lack its channels; it may not contradict itself. Raises Invalid with the field."""
    for problem in problems_of_shape(content):
        if problem.code != "channel_missing":
            raise Invalid(problem.code, field=problem.field, limit=problem.limit, actual=problem.actual)


def check_content(content: Content) -> None:
    """Raises Invalid, with the field, for the first thing that one of its channels does not take.

    All problems at once are for the page: `problems_of`.
    """
    found = problems_of(content)
    if found:
        first = found[0]
        problems = [asdict(p) for p in found]
        raise Invalid(first.code, field=first.field, limit=first.limit, actual=first.actual, problems=problems)
