"""Opening a brand to an operator, telling of each page before it is read, and ending it.

Only the installation's own command opens and looks; its actor has no side and no role, so it satisfies no step of anybody. The
database's part (`tenants.glass`) begins after the line is committed, and is asked by the command.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.models import Look, Opening, OpeningEnd
from clients.breakglass.rules import MOST_COMPARED, Ended, what_is_wrong
from clients.breakglass.steps import LAPSE, end, find_opening, mail_owners
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.outbox.actions import enqueue
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants import glass
from tenants.errors import Conflict, Invalid
from tenants.walls.router import brand_labels
from tenants.walls.scope import durable


def open_glass(actor: Actor, *, who: str, reason: str, hours: float, parts: Sequence[str], ticket: str = "") -> Opening:
    """Write down that an operator is about to look, and tell the owners. Nothing is readable yet: `glass.put_up` follows.

    Raises Invalid('name_empty' | 'name_no_name' | 'opening_reason_missing' | 'opening_words_too_long' | 'opening_too_long' |
    'part_unknown').
    """
    require_process(actor, EntryPoint.COMMAND)
    if wrong := what_is_wrong(who, reason, ticket, hours):
        code, field = wrong
        raise Invalid(code, field)
    unknown = sorted(set(parts) - set(brand_labels()))
    if unknown or not parts:
        raise Invalid("part_unknown", "part", unknown=", ".join(unknown), known=", ".join(brand_labels()))
    words = {"reason": reason.strip(), "ticket": ticket.strip()}
    with durable(actor.brand):
        now = timezone.now()
        until = now + timedelta(hours=hours)
        opening = Opening.objects.create(who=who.strip(), parts=sorted(set(parts)), at=now, until=until, **words)
        told = {"parts": opening.parts, "until": opening.until.isoformat(timespec="seconds")}
        record(actor, "break_glass.opened", opening, private={"who": opening.who, **words}, **told)
        enqueue(LAPSE, {"opening": str(opening.pk)}, key=str(opening.pk), due_at=opening.until)
        mail_owners(opening, "opened")
    return opening


def tell_look(actor: Actor, *, opening_id: UUID, page: glass.Page) -> Look:
    """The line of one page, with how many rows it has; committed before the page is read.

    Raises Missing('opening'), Conflict('opening_over'); for what this opening does not show Invalid('table_closed', 'table')
    and Invalid('column_closed', 'where').
    """
    require_process(actor, EntryPoint.COMMAND)
    with durable(actor.brand):
        opening = find_opening(opening_id)
        if not opening.holds(timezone.now()):
            raise Conflict("opening_over")
        shown = glass.readable(opening.parts)
        if page.table not in shown:
            raise Invalid("table_closed", "table", known=", ".join(shown))
        columns = [column for column, _ in page.where]
        if set(columns) - set(shown[page.table]) or len(columns) > MOST_COMPARED:
            raise Invalid("column_closed", "where", known=", ".join(shown[page.table]))
        values = [value for _, value in page.where]
        look = Look(opening=opening, table_name=page.table, columns=columns, compared=values, skipped=page.offset)
        keys = glass.keys(page)
        look.rows = len(keys)
        look.save(force_insert=True)
        _disclose(actor, opening, page.table, keys)
        told = {"table": page.table, "columns": columns, "skipped": page.offset, "rows": look.rows}
        record(actor, "break_glass.read", opening, private={"compared": values} if values else None, **told)
    return look


def end_glass(actor: Actor, *, opening_id: UUID) -> OpeningEnd:
    """The button, and the operator's own word: it is over when this returns. Conflict('opening_over'), Missing('opening')."""
    if actor.side is not None:
        require(actor, Verb.OPENING_END)
    else:
        require_process(actor, EntryPoint.COMMAND)
    with durable(actor.brand):
        return end(actor, _open_now(opening_id), Ended.OPERATOR if actor.side is None else Ended.BRAND)


def fail_glass(actor: Actor, *, opening_id: UUID) -> OpeningEnd:
    """The database did not make what was to be opened: nothing was readable, and the brand is told so."""
    require_process(actor, EntryPoint.COMMAND)
    with durable(actor.brand):
        return end(actor, _open_now(opening_id), Ended.FAILED)


def lapse_glass(actor: Actor, *, opening_id: UUID) -> bool:
    """Its time is over, by the database's clock already: the line, and the letters. False where it ended before."""
    with durable(actor.brand):
        opening = find_opening(opening_id)
        if hasattr(opening, "end") or timezone.now() < opening.until:
            return False
        end(actor, opening, Ended.TIME)
    return True


def _disclose(actor: Actor, opening: Opening, table: str, keys: Sequence[Any]) -> None:
    """Whoever looked has it: a line of the brand's ledger, naming the rows where they have names."""
    ids = tuple(key for key in keys if isinstance(key, UUID))
    what = Matter(glass.model_of(table)._meta.label_lower, ids, InfoClass.BRAND, count=len(keys))
    to = Recipient.operator(opening.who)
    disclose(
        actor, way=Way.OPERATOR, to=to, what=what, why="looked_at", policy_name="break_glass", reason=opening.reason
    )


def _open_now(opening_id: UUID) -> Opening:
    opening = find_opening(opening_id)
    if hasattr(opening, "end"):
        raise Conflict("opening_over")
    return opening
