"""Letting a report out, its readers, and links to it."""

from reports.sharing.actions.lending import end_share, share_report
from reports.sharing.actions.noticing import note_notice, ready_notice, settle_notice
from reports.sharing.actions.reading import add_reader, remove_reader
from reports.sharing.actions.releasing import release_due_report, release_report, take_home, withdraw_report
from reports.sharing.actions.telling import note_letter, note_told, ready_letter
from reports.sharing.actions.viewing import fits_password, note_copy, note_view

__all__ = [
    "add_reader",
    "end_share",
    "fits_password",
    "note_copy",
    "note_letter",
    "note_notice",
    "note_told",
    "note_view",
    "ready_letter",
    "ready_notice",
    "release_due_report",
    "release_report",
    "remove_reader",
    "settle_notice",
    "share_report",
    "take_home",
    "withdraw_report",
]
