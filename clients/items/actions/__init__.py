"""Everything that may be done with items before the gate: written, moved, brought as a table; and their pictures."""

from clients.items.actions.imports import confirm_import, read_import
from clients.items.actions.media import add_media, classify_media, describe_media
from clients.items.actions.notes import classify_note, write_note
from clients.items.actions.series import begin_series, change_series, end_orphan, make_issues, skip_day, stop_series
from clients.items.actions.writing import create_item, edit_item, reschedule_item

__all__ = [
    "add_media",
    "begin_series",
    "change_series",
    "classify_media",
    "classify_note",
    "confirm_import",
    "create_item",
    "describe_media",
    "edit_item",
    "end_orphan",
    "make_issues",
    "read_import",
    "reschedule_item",
    "skip_day",
    "stop_series",
    "write_note",
]
