"""Where insights hold words about a member: what people wrote of what was said, what departments answered, what members hear."""

from secrets import token_hex
from typing import Any

from clients.audit.erasing.holders import holds, holds_nothing
from clients.audit.erasing.values import Sought
from clients.insights.models import (
    Asking,
    Department,
    Insight,
    InsightAnswer,
    InsightSource,
    InsightStep,
    Released,
    Theme,
)

_KEPT_OF_A_NAME = 30


def _apart(row: dict[str, Any], sought: Sought) -> dict[str, Any]:
    """Names that may be there only once stay apart when the same words go out of two of them."""
    fresh = {column: sought.without(value) for column, value in row.items()}
    changed = {column for column in ("name", "key") if column in row and fresh[column] != row[column]}
    return fresh | {column: f"{fresh[column][:_KEPT_OF_A_NAME]} {token_hex(3)}" for column in changed}


holds("insights", Insight, "title", "text", "why")
holds("insights", InsightAnswer, "text", "name")
holds("insights", InsightStep, "note")
holds("insights", Asking, "note", "to_name")
holds("insights", Released, "said", "did")
holds("insights", Theme, "name", "key", rewrite=_apart)
holds("insights", Department, "name", "key", rewrite=_apart)
CODES, WORKERS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Insight, "state", "decision", "side", "info_class", "owner_side")
holds_nothing(WORKERS, Insight, "named", "by_name", "decided_name")
holds_nothing(WORKERS, InsightSource, "by_name")
holds_nothing(CODES, InsightStep, "step", "was", "now", "side")
holds_nothing(WORKERS, InsightStep, "by_name")
holds_nothing(CODES, Asking, "quoted")
holds_nothing(WORKERS, Asking, "by_name")
holds_nothing(CODES, Department, "code")
holds_nothing(WORKERS, Released, "by_name")
