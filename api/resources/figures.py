"""Figures of a period: what happened, as numbers that open to rows. `GET /figures`; the same facts as the page and the reports.

No list of rows but one computed answer, so it is declared as an address of its own. What a key's policy does not name is left
out, and rows above its class are in no number: they are counted as withheld, where the key may read some rows of their sort.
"""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from api import door
from api.endpoint import Endpoint, answer
from api.inputs import Fault
from api.ledger import tell
from api.problems import Problem, invalid
from api.schema_parts import Doc, answers, language
from clients.briefings.goals import Direction
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.rules import Verb
from reports.facts.canonical import data_of
from reports.facts.periods import Period, period_named
from reports.facts.sections import KINDS
from reports.facts.shapes import Facts, Reached
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from tenants.errors import Invalid

SCOPE, KIND = "reports:read", "reports.figure"
NUMBERS = ("value", "before", "goal", "direction", "reached", "rows", "withheld")
LISTS = frozenset({"topics", "members", "pictures", "told", "coming", "watch", "pieces", "check"})
"""Listings that 'listings' names; of all others each line is somebody's act or word: 'lines' names those."""
USUAL = "weekly"


class FiguresEndpoint(Endpoint):
    """All figures of one period, section by section, as far as this key may be told."""

    about: ClassVar[str] = "Figures of a period, section by section."
    parameters: ClassVar[frozenset[str]] = frozenset({"period", "report"})

    def get(self, request: Any) -> HttpResponse:
        door.require_scope(request.grant, SCOPE)
        require(request.actor, Verb.REPORT_READ)
        policy = policy_of_figures(request.grant.policy)
        kind, period = _asked(request)
        sight = Sight(InfoClass(policy.most_class), request.actor)
        facts = facts_of(request.brand, sight, kind, period, now=timezone.now())
        tell(request.actor, request.grant, KIND, facts.info_class, [f"{kind}:{period.code}"])
        return answer(told(facts, frozenset(policy.fields[KIND])))


def told(facts: Facts, fields: frozenset[str]) -> dict[str, Any]:
    """The facts as every report attaches them, without what `fields` does not name.

    Without the dimensions figures of the whole alone are told: a part's name is what it is told apart by.
    """
    data = data_of(facts)
    if "numbers" not in fields:
        data["withheld"] = None
    for section in data["sections"]:
        if "numbers" not in fields:
            section.pop("withheld", None)
        section["figures"] = [_figure(one, fields) for one in section["figures"] if _is_told(one, fields)]
        section["series"] = section["series"] if "series" in fields else []
        section["listings"] = [
            one for one in section["listings"] if ("listings" if one["code"] in LISTS else "lines") in fields
        ]
    return data


def _figure(one: dict[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    return one if "numbers" in fields else {name: value for name, value in one.items() if name not in NUMBERS}


def _is_told(one: dict[str, Any], fields: frozenset[str]) -> bool:
    return "dimensions" in fields or not one["dimensions"]


def policy_of_figures(policy: IntegrationPolicy | None) -> IntegrationPolicy:
    """Raises Problem(403) for a key whose policy names nothing of figures, or is over."""
    if policy is None or not policy.fields.get(KIND):
        raise Problem(403, "policy_forbids")
    if not policy.holds(timezone.now()):
        raise Problem(403, "policy_over")
    return policy


def _asked(request: Any) -> tuple[str, Period]:
    """Raises Problem(400) for a period or a report that is none."""
    kind = request.GET.get("report", USUAL)
    if kind not in KINDS:
        fault = Fault("report", "unknown_choice", {"known": ", ".join(KINDS)})
        raise invalid([fault], status=400, code="parameters_invalid")
    try:
        return kind, period_named(request.GET.get("period", ""), request.brand.time_zone)
    except Invalid as wrong:
        raise invalid([Fault("period", "not_a_date")], status=400, code="parameters_invalid") from wrong


urlpatterns = [path("figures", FiguresEndpoint.as_view(), name="api:figures")]
_NUMBER = {"type": ["integer", "null"]}
_FIGURE: Doc = {
    "type": "object",
    "description": "One number. Shares are hundredths of a percent, times whole minutes; null is none, never zero.",
    "required": ["key", "code", "unit", "dimensions", "class"],
    "properties": {
        "key": {"type": "string", "description": "The code with what it is told apart by."},
        "code": {"type": "string", "description": "The name of its definition."},
        "unit": {"type": "string", "enum": ["count", "share", "working", "duration", "money"]},
        "value": _NUMBER,
        "before": {**_NUMBER, "description": "The same of the period before."},
        "goal": {**_NUMBER, "description": "What it is to be in this period, as agreed before the period ended."},
        "direction": {
            "type": "string",
            "enum": [str(one) for one in Direction],
            "description": "On which side of the goal it is to be. Only where there is a goal.",
        },
        "reached": {
            "type": "string",
            "enum": [str(one) for one in Reached],
            "description": "Whether it is there. Without a value it is not measurable, which is not missed. Only with a goal.",
        },
        "dimensions": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        "rows": {"type": "integer", "description": "On how many rows it rests."},
        "withheld": {"type": "integer", "description": "How many more are above this key's class."},
        "class": {"type": "string", "enum": [str(one) for one in InfoClass]},
    },
}
_OBJECTS: Doc = {"type": "array", "items": {"type": "object"}}
FACTS: Doc = {
    "type": "object",
    "required": [
        "schema",
        "kind",
        "brand",
        "period",
        "ceiling",
        "class",
        "sections",
        "withheld",
        "checkpoint",
        "made_at",
    ],
    "properties": {
        "schema": {"type": "string"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "brand": {"type": "object"},
        "period": {
            "type": "object",
            "description": "Its code, first and last day, zone, and the instants in UTC between which rows count. "
            "Of one that still runs (`running`) that is until now, compared with the period before until `compared_until`.",
        },
        "ceiling": {"type": "string"},
        "class": {"type": "string"},
        "sections": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "figures", "series", "listings"],
                "properties": {
                    "code": {"type": "string"},
                    "figures": {"type": "array", "items": _FIGURE},
                    "series": _OBJECTS,
                    "listings": _OBJECTS,
                    "withheld": {
                        "type": "integer",
                        "description": "Rows of it above this key's class, where there are any.",
                    },
                },
            },
        },
        "withheld": {
            "type": ["integer", "null"],
            "description": "How many rows are above this key's class, each once.",
        },
        "checkpoint": {"type": ["object", "null"], "description": "The newest signed head of the log."},
        "made_at": {"type": "string", "format": "date-time"},
    },
}


def _parameter(name: str, schema: Doc, about: str, *, required: bool = False) -> Doc:
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": about}


PATHS = {
    "/figures": {
        "get": {
            "operationId": "get_figures",
            "summary": "Figures of a period, section by section.",
            "description": "Computed when they are asked for, from the rows that this key may read. "
            "Without a leave to read the log there is no audit statement and no dossier.",
            "tags": ["figures"],
            "security": [{"key": []}, {"oauth": [SCOPE]}],
            "parameters": [
                _parameter(
                    "period",
                    {"type": "string", "maxLength": 40, "examples": ["2026-W47"]},
                    "A week (`2026-W47`), month (`2026-11`), quarter (`2026-Q4`) or first and last day "
                    "(`2026-11-02..2026-11-10`) on the brand's clock.",
                    required=True,
                ),
                _parameter(
                    "report",
                    {"type": "string", "enum": list(KINDS), "default": USUAL},
                    "Of which report the sections are.",
                ),
                language(),
            ],
            "responses": answers({200: (FACTS, "The figures.", {})}, (400, 401, 403, 406, 429, 503)),
        }
    }
}
