"""Asking for reports and making them, the brand's word on a draft, and the rules by which they come by themselves."""

from reports.making.actions.asking import ask_report, cancel_report, remake_report, retry_report
from reports.making.actions.deciding import annotate_report, hold_report, resume_report
from reports.making.actions.drawing import make_report
from reports.making.actions.proposing import propose_report
from reports.making.actions.redrawing import redraw_report
from reports.making.actions.ruling import set_report_rule
from reports.making.actions.running import date_reports, drop_papers, retry_failed, run_rule
from reports.making.actions.sealing import bring_seal_key, change_seal_key

__all__ = [
    "annotate_report",
    "ask_report",
    "bring_seal_key",
    "cancel_report",
    "change_seal_key",
    "date_reports",
    "drop_papers",
    "hold_report",
    "make_report",
    "propose_report",
    "redraw_report",
    "remake_report",
    "resume_report",
    "retry_failed",
    "retry_report",
    "run_rule",
    "set_report_rule",
]
