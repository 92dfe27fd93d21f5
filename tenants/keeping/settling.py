"""What must not act by itself when an earlier day comes back: acts, letters, links and connections. Plain SQL, as the owner.

The whole brand is held, as if somebody of the brand had pressed stop; only the brand lifts it, and the gate then asks about each
act that waits (a yes from before a stop counts no more). What may have left since is *uncertain*, and a person says what became
of it. Letters are not written a second time. What was ended since (channels, systems that read, mandates, links) stays ended.
The changes are noted by the brand's triggers, in the transaction of the line that tells of the restore.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenants.dressing import quoted
from tenants.ids import uuid7

NOBODY = UUID(int=0)
LETTERS = (
    "approvals.notice", "channels.letter", "evidence.letter", "evidence.daily", "people.invitation_mail", "people.factor_taken",
    "people.new_place", "insights.letter", "moderation.letter", "webhooks.letter",
)  # fmt: skip

# :new is the restored space, :old the one that was set aside, if there is one.
_UNCERTAIN_BY_OLD = """
    UPDATE :new.gate_dispatch d SET state = 'uncertain', ended_at = now(), error = 'crashed_while_sending'
    WHERE d.state = 'sending' OR d.state = 'pending' AND EXISTS (
        SELECT FROM :old.gate_dispatch o
        WHERE o.id = d.id AND (o.state IN ('sending', 'sent', 'uncertain') OR o.attempts > d.attempts))"""
_UNCERTAIN_BY_TIME = """
    UPDATE :new.gate_dispatch d SET state = 'uncertain', ended_at = now(), error = 'crashed_while_sending'
    WHERE d.state = 'sending' OR d.state = 'pending' AND d.due_at <= now()"""
_ITEMS = """
    UPDATE :new.items_item i SET state = 'uncertain', state_since = now(), move_of = 'agency'
    WHERE i.state IN ('cleared', 'sending', 'held')
      AND EXISTS (SELECT FROM :new.gate_dispatch d WHERE d.item_id = i.id AND d.state = 'uncertain')
      AND NOT EXISTS (SELECT FROM :new.gate_dispatch d WHERE d.item_id = i.id AND d.state = 'pending')"""
_ENDED_SINCE = (
    """UPDATE :new.channels_channel n SET state = 'revoked', secret = '', revoked_at = o.revoked_at
       FROM :old.channels_channel o WHERE o.id = n.id AND o.state = 'revoked' AND n.state <> 'revoked'""",
    """UPDATE :new.disclosure_integrationpolicy n SET ended_at = o.ended_at
       FROM :old.disclosure_integrationpolicy o WHERE o.id = n.id AND o.ended_at IS NOT NULL AND n.ended_at IS NULL""",
    """UPDATE :new.mandates_mandate n SET state = o.state, state_since = o.state_since, ended_by_side = o.ended_by_side,
              ends_on = o.ends_on
       FROM :old.mandates_mandate o WHERE o.id = n.id AND o.state IN ('suspended', 'ended') AND n.state <> o.state""",
    # A receiver that was paused or ended stays so, and one that was given another secret since checks with that one.
    """UPDATE :new.webhooks_subscription n SET state = o.state, paused_why = o.paused_why, sealed = o.sealed,
              old_secret_until = o.old_secret_until
       FROM :old.webhooks_subscription o
       WHERE o.id = n.id AND n.state <> 'ended' AND (o.state <> 'active' OR o.sealed <> n.sealed)""",
)
_LINKS = "UPDATE :new.disclosure_sharelink SET revoked_at = now() WHERE revoked_at IS NULL"
_WITHHELD = """
    UPDATE :new.outbox_outboxrow r SET done_at = now(), last_error = 'restored: not performed'
    WHERE r.done_at IS NULL AND (r.kind = ANY (%s) OR r.kind = 'gate.send' AND EXISTS (
        SELECT FROM :new.gate_dispatch d WHERE d.id::text = r.payload ->> 'dispatch' AND d.state <> 'pending'))"""
_HOLD = """
    INSERT INTO :new.approvals_hold (id, scope, value, reason, placed_by, placed_by_name, placed_at, lifted_by_name)
    SELECT %s, 'all', '', '', %s, 'restore_brand', clock_timestamp(), ''
    WHERE NOT EXISTS (SELECT FROM :new.approvals_hold WHERE scope = 'all' AND lifted_at IS NULL)"""
_OVERTAKE = "UPDATE :new.approvals_hold SET placed_at = clock_timestamp() WHERE scope = 'all' AND lifted_at IS NULL"

# In a copy nothing is connected any more, nobody outside hears of it, and its files lie in another folder.
_OF_A_COPY = (
    """UPDATE :new.channels_channel SET state = 'broken', secret = '', health = 'auth_missing', health_since = now(),
              expires_at = NULL, renews = false WHERE state <> 'revoked'""",
    "UPDATE :new.disclosure_integrationpolicy SET ended_at = now() WHERE ended_at IS NULL",
    "DELETE FROM :new.evidence_checkpointaddress",
    "UPDATE :new.webhooks_subscription SET state = 'ended', paused_why = '', sealed = '' WHERE state <> 'ended'",
)
# Whoever follows the changes stands somewhere that will be given to other changes: they read everything once more.
_COURSE = "UPDATE :new.changes_head SET course = gen_random_uuid()"
_FILES = "UPDATE :new.items_media SET file = %s || substr(file, %s) WHERE file LIKE %s"

_POINTERS = (
    "DELETE FROM tenants_pending WHERE brand_id = %(brand)s",
    """INSERT INTO tenants_pending (brand_id, row_id, kind, due_at, attempts)
       SELECT %(brand)s, id, kind, due_at, 0 FROM :new.outbox_outboxrow WHERE done_at IS NULL""",
    "DELETE FROM tenants_workpointer WHERE brand_id = %(brand)s",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'item', id, state, move_of, CASE WHEN move_of = author_side THEN author_id END,
              COALESCE(decide_by, not_before), 1
       FROM :new.items_item WHERE move_of <> ''""",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'handed', id, 'handed', '', to_person, at, 1 FROM :new.triage_handing WHERE closed_at IS NULL""",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'offered', id, 'offered', CASE WHEN to_person IS NULL THEN to_side ELSE '' END, to_person, accept_by, 1
       FROM :new.custody_offer WHERE closed_at IS NULL""",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'asked', id, 'asked', '', to_person, due_at, 1
       FROM :new.insights_asking WHERE closed_at IS NULL AND answered_at IS NULL AND to_person IS NOT NULL""",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'appealed', id, 'appealed', '', to_person, at, 1
       FROM :new.moderation_appeal WHERE state = 'open'""",
    """INSERT INTO tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
       SELECT %(brand)s, 'held', id, 'held', '', holder_person, held_since, 1
       FROM :new.custody_conversation WHERE state = 'open' AND holder_person IS NOT NULL""",
)


@dataclass(frozen=True, slots=True)
class Spaces:
    """The restored space and the one set aside; `was` and `now` are the brand's ids, different only for a copy."""

    new: str
    old: str | None
    was: UUID
    now: UUID

    @property
    def is_copy(self) -> bool:
        return self.was != self.now


def rename_files(cursor: Any, spaces: Spaces) -> None:
    """Before the triggers stand: which file belongs to which picture is never changed afterwards."""
    if spaces.is_copy:
        before = str(spaces.was)
        _run(cursor, spaces, _FILES, [str(spaces.now), len(before) + 1, f"{before}/%"])


def settle(cursor: Any, spaces: Spaces) -> dict[str, int]:
    """Make an earlier day safe to stand beside this one. Returns how much of what was touched."""
    told = {"uncertain": _run(cursor, spaces, _UNCERTAIN_BY_OLD if spaces.old else _UNCERTAIN_BY_TIME)}
    _run(cursor, spaces, _ITEMS)
    for statement in _ENDED_SINCE if spaces.old else ():
        _run(cursor, spaces, statement)
    for statement in _OF_A_COPY if spaces.is_copy else ():
        _run(cursor, spaces, statement)
    told["links"] = _run(cursor, spaces, _LINKS)
    told["withheld"] = _run(cursor, spaces, _WITHHELD, [list(LETTERS)])
    _run(cursor, spaces, _COURSE)
    _run(cursor, spaces, _OVERTAKE)
    _run(cursor, spaces, _HOLD, [uuid7(), NOBODY])
    for statement in _POINTERS:
        _run(cursor, spaces, statement, {"brand": spaces.now})
    return told


def _run(cursor: Any, spaces: Spaces, statement: str, values: Any = None) -> int:
    text = statement.replace(":new", quoted(spaces.new)).replace(":old", quoted(spaces.old or ""))
    cursor.execute(text, values)
    return int(cursor.rowcount)
