"""One row of another system, by the names that it uses, into what it says of a contact: every trouble by its field. Pure.

The same reader serves a request, a pasted sample and a line of a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as given
from typing import Any

from clients.community.rules import PREFERRED
from clients.crm.rules import CONSENT, LONGEST, ON_MEMBER, FieldRule, Policy, consent_said
from tenants.errors import Invalid

MOST_HANDLES = 20


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one field, by the system's own name of it."""

    field: str
    code: str
    facts: dict[str, Any] = given(default_factory=dict)


@dataclass(slots=True)
class Said:
    """What a system says of one contact: `values` by our names, `left_out` the names of what the brand does not let in."""

    external_id: str
    values: dict[str, str] = given(default_factory=dict)
    handles: tuple[tuple[str, str], ...] = ()
    consents: dict[str, str] = given(default_factory=dict)
    left_out: list[str] = given(default_factory=list)
    problems: list[RowProblem] = given(default_factory=list)
    claims: str = ""
    """The id of a contact that was offered to the system, and that it has taken in under this id of its own."""

    @property
    def email(self) -> str:
        return self.values.get("email", "")


def read_row(policy: Policy, raw: Mapping[str, Any], external_id: str, claims: str = "") -> Said:
    """Never raises: what is wrong stands in `problems`."""
    said = Said(external_id=external_id.strip(), claims=claims)
    if not said.external_id:
        said.problems.append(RowProblem("external_id", "external_id_missing"))
    else:
        _text(said, "external_id", said.external_id, LONGEST["external"])
    by_theirs = {rule.theirs: (name, rule) for name, rule in policy.items()}
    for theirs, value in raw.items():
        known = by_theirs.get(theirs)
        if known is None:
            said.problems.append(RowProblem(str(theirs)[:60], "field_not_named", {"name": str(theirs)[:60]}))
        elif not known[1].inward:
            said.left_out.append(theirs)
        else:
            _take(said, known[0], known[1], value)
    return said


def _take(said: Said, name: str, rule: FieldRule, value: Any) -> None:
    if name == "handles":
        said.handles = _handles(said, rule.theirs, value)
        return
    if isinstance(value, bool) and name.startswith(CONSENT):
        value = "given" if value else "withdrawn"
    if value is None:
        value = ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        said.problems.append(RowProblem(rule.theirs, "not_a_text"))
        return
    if name.startswith(CONSENT):
        _consent(said, name.removeprefix(CONSENT), rule.theirs, value)
        return
    clean = value.strip() if name == "notes" else " ".join(value.split())
    clean = clean.lower() if name == "email" else clean
    if _text(said, rule.theirs, clean, LONGEST.get(name, LONGEST["value"])) and _fits(said, name, rule.theirs, clean):
        said.values[name] = clean


def _fits(said: Said, name: str, theirs: str, value: str) -> bool:
    code = ""
    if name == "name" and not value:
        code = "name_empty"
    if name == "email" and value and ("@" not in value.strip("@") or " " in value):
        code = "bad_email"
    if name == "preferred" and value not in PREFERRED:
        code = "unknown_preferred"
    if code:
        said.problems.append(RowProblem(theirs, code))
    return not code


def _consent(said: Said, purpose: str, theirs: str, value: str) -> None:
    found = consent_said(value)
    if found is None:
        said.problems.append(RowProblem(theirs, "consent_unclear"))
    elif found:
        said.consents[purpose] = found


def _handles(said: Said, theirs: str, value: Any) -> tuple[tuple[str, str], ...]:
    """A list of {network, handle}, or a text: 'mastodon @lea@social.example; bluesky lea.example'."""
    pairs: list[tuple[Any, ...]]
    if isinstance(value, str):
        pairs = [tuple(one.split(maxsplit=1)) for one in value.replace("\n", ";").split(";") if one.strip()]
    elif isinstance(value, list):
        pairs = [(one.get("network"), one.get("handle")) if isinstance(one, dict) else () for one in value]
    else:
        pairs = [] if value is None else [()]
    good = [p for p in pairs if len(p) == 2 and all(isinstance(x, str) and x.strip() for x in p)]
    if len(good) != len(pairs):
        said.problems.append(RowProblem(theirs, "handles_unclear"))
    if len(good) > MOST_HANDLES:
        said.problems.append(RowProblem(theirs, "too_many_lines", {"most": MOST_HANDLES}))
    clean = tuple(dict.fromkeys((str(n).strip().lower().rstrip(":"), str(h).strip()) for n, h in good))
    for network, handle in clean:
        if not (_text(said, theirs, network, 40) and _text(said, theirs, handle, 200)):
            return ()
    return clean[:MOST_HANDLES]


def _text(said: Said, theirs: str, value: str, most: int) -> bool:
    if len(value) > most:
        said.problems.append(RowProblem(theirs, "too_long", {"most": most}))
    elif any((sign < " " and sign not in "\n\r\t") or "\ud800" <= sign <= "\udfff" for sign in value):
        said.problems.append(RowProblem(theirs, "control_characters"))
    else:
        return True
    return False


def require_sound(said: Said) -> Said:
    """For one row alone: raises Invalid with the first problem, and all of them in its facts as `problems`."""
    if said.problems:
        first = said.problems[0]
        raise Invalid(first.code, first.field, problems=[(p.field, p.code) for p in said.problems], **first.facts)
    return said


__all__ = ["ON_MEMBER", "RowProblem", "Said", "read_row", "require_sound"]
