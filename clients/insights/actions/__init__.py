"""What people do with insights."""

from clients.insights.actions.answering import answer_asking, answer_by_link, lapse_asking
from clients.insights.actions.asking import MadeAsking, ask_by_link, ask_department, extend_asking, withdraw_asking
from clients.insights.actions.deciding import (
    close_insight,
    decide_insight,
    release_insight,
    reopen_insight,
    take_off_list,
)
from clients.insights.actions.noting import add_to_insight, classify_insight, edit_insight, note_insight
from clients.insights.actions.ruling import end_department, merge_themes, name_department, rename_theme
from clients.insights.actions.telling import begin_closing

__all__ = [
    "MadeAsking",
    "add_to_insight",
    "answer_asking",
    "answer_by_link",
    "ask_by_link",
    "ask_department",
    "begin_closing",
    "classify_insight",
    "close_insight",
    "decide_insight",
    "edit_insight",
    "end_department",
    "extend_asking",
    "lapse_asking",
    "merge_themes",
    "name_department",
    "note_insight",
    "release_insight",
    "rename_theme",
    "reopen_insight",
    "take_off_list",
    "withdraw_asking",
]
