"""Asking a stored question again (promise 7): the same question under the same charter gives the same answer."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from clients.autonomy.decide import decide
from clients.autonomy.decision import Decision, record_digest
from clients.autonomy.grant import NO_CHARTER
from clients.autonomy.levels import Level
from clients.autonomy.question import Question, Window, Yes
from clients.autonomy.vocabulary import (
    ActionKind,
    Basis,
    EntryPoint,
    MandateState,
    Outcome,
    Reason,
    Sensitivity,
    WindowState,
)
from clients.gate.models import DecisionRecord
from clients.mandates.queries import charter_version
from tenants.vocabulary import Role, Side


@dataclass(frozen=True, slots=True)
class Replay:
    """`same` says whether answer, reasons and digest are what was stored."""

    question: Question
    then: Decision
    now: Decision
    same: bool


def replay(kept: DecisionRecord) -> Replay:
    """Answer a kept question again under the charter it names. Never writes."""
    question = question_from(kept.question)
    charter = charter_version(kept.charter_id) if kept.charter_id else NO_CHARTER
    then, now = stored_decision(kept), decide(question, charter)
    same = then == now and record_digest(question, now, charter.digest, kept.question.keys()) == kept.digest
    return Replay(question, then, now, same)


def stored_decision(kept: DecisionRecord) -> Decision:
    return Decision(
        Outcome(kept.outcome),
        tuple(Reason(r) for r in kept.reasons),
        Level(kept.level),
        kept.grant,
        Basis(kept.basis) if kept.basis else None,
    )


def question_from(data: dict[str, Any]) -> Question:
    """The question as it was put, from its stored JSON."""
    unknown = data.keys() - {f.name for f in fields(Question)}
    if unknown:
        raise ValueError(f"question has fields nobody knows: {sorted(unknown)}")
    window = data["window"]
    return Question(
        **data
        | {
            "side": Side(data["side"]) if data["side"] else None,
            "role": Role(data["role"]) if data["role"] else None,
            "via": EntryPoint(data["via"]),
            "kind": ActionKind(data["kind"]),
            "sensitivity": Sensitivity(data["sensitivity"]),
            "mandate": MandateState(data["mandate"]),
            "moment": datetime.fromisoformat(data["moment"]),
            "not_after": _moment(data["not_after"]),
            "cools_until": _moment(data.get("cools_until")),
            "slow_until": _moment(data.get("slow_until")),
            "window": Window(WindowState(window["state"]), window["digest"], _moment(window["closes_at"])),
            "yeses": tuple(Yes(y["person"], Side(y["side"]), Role(y["role"]), y["digest"]) for y in data["yeses"]),
            "sent_today": tuple((key, count) for key, count in data["sent_today"]),
        }
        | {name: tuple(data[name]) for name in ("authors", "needs", "said_no", "holds")}
        | {name: tuple(data.get(name, ())) for name in ("raised", "barred", "cautions")}  # kept before they were asked
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
