"""Which fields pass between a customer system and here: one line each, as people read it, and as it is typed to change it.

INVARIANT: what was typed is shown again as it was, each line with what is wrong in it; nothing is kept before all is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.crm.models import System
from clients.crm.outward import LETS_OUT, drawn_outward
from clients.crm.rules import CONSENT, FIELDS, OWN, Differs, FieldRule, line_faults, policy_of
from clients.disclosure.rules import InfoClass
from portal.wording import error_sentence, word
from portal.wording.crm import DIFFERS
from portal.wording.crm import FIELDS as FIELD_WORDS
from portal.wording.disclosures import CLASS_CHOICES
from tenants.errors import Invalid

BRINGS = (InfoClass.SHARED, InfoClass.BRAND)
EMPTY_ROWS, MOST_LINES = 2, 80
EXAMPLE = ("Léa Martin", "lea@example.org", "+33 6 12 34 56 78", "email", "Chocolat")
HANDLES = [{"network": "mastodon", "handle": "@lea@social.example"}]


@dataclass(slots=True)
class Line:
    """One line of the form. `is_new`: its name here was typed, too. `faults`: what is wrong with it, in words."""

    place: int
    ours: str
    rule: FieldRule
    is_new: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def is_used(self) -> bool:
        """Whether it says anything: a field of ours without a name of theirs does not pass."""
        return bool(self.rule.theirs) or self.rule.inward or self.rule.outward or (self.is_new and bool(self.ours))


def policy_typed(request: HttpRequest) -> dict[str, FieldRule]:
    """The decision that the form says. Raises Invalid with field 'fields', and the first of what is wrong."""
    lines = lines_typed(request)
    for line in _used(lines):
        if line.rule.info_class not in set(BRINGS) or line.rule.differs not in set(Differs):
            raise Invalid("unknown_rule", "fields")
    for fault in line_faults([(line.ours, line.rule) for line in _used(lines)]):
        raise Invalid(fault.code, "fields", **fault.facts)
    return {line.ours: line.rule for line in _used(lines)}


def lines_typed(request: HttpRequest) -> list[Line]:
    """As they were typed, each with what is wrong in it."""
    typed = request.POST
    lines = [
        Line(place, ours.strip(), _rule_typed(typed, place), is_new=f"new-{place}" in typed)
        for place, ours in enumerate(typed.getlist("ours")[:MOST_LINES])
    ]
    used = _used(lines)
    of_name = next((line for line in lines if line.ours == "name"), None)
    for fault in line_faults([(line.ours, line.rule) for line in used]):
        line = of_name if fault.code == "name_stays_in" else used[fault.line]
        if line is not None:
            line.faults.append(error_sentence(fault.code, **fault.facts))
    return lines


def field_rows(request: HttpRequest, system: System) -> list[dict[str, Any]]:
    """Ours first, then what the brand has added, then two empty ones. After a failure: what was typed."""
    if getattr(request, "failure", None) and request.POST.getlist("ours"):
        lines = lines_typed(request)
    else:
        stored = policy_of(system.fields)
        names = [*FIELDS, *(name for name in stored if name not in FIELDS)]
        unset = FieldRule("", inward=False, outward=False, info_class=str(InfoClass.BRAND))
        lines = [Line(place, name, stored.get(name, unset)) for place, name in enumerate(names)]
        lines += [Line(len(names) + n, "", unset, is_new=True) for n in range(EMPTY_ROWS)]
    told = examples({line.ours: line.rule for line in lines if line.ours and line.rule.theirs})
    return [_row(line, told) for line in lines]


def examples(policy: Mapping[str, FieldRule]) -> dict[str, Any]:
    """By our name: what a system would read of somebody made up, drawn as for a real one. What does not go out is not there."""
    out = {ours: rule for ours, rule in policy.items() if rule.outward}
    stored = {ours: replace(rule, differs=Differs.ASK).plain() for ours, rule in out.items()}
    consents = [{"purpose": ours.removeprefix(CONSENT), "state": "given"} for ours in out if ours.startswith(CONSENT)]
    facts = [
        {"field": ours, "value": _("Maison Verte") if ours == "organisation" else "42"}
        for ours, rule in out.items()
        if rule.info_class in LETS_OUT
    ]
    told = drawn_outward(stored, *EXAMPLE, HANDLES, consents, facts)
    return {ours: told[rule.theirs] for ours, rule in out.items() if rule.theirs in told}


def field_word(name: str) -> str:
    """What a field is called for people."""
    if name.startswith(CONSENT):
        return _("Consent: %(purpose)s") % {"purpose": name.removeprefix(CONSENT)}
    if name.startswith(OWN):
        return _("Own field: %(name)s") % {"name": name.removeprefix(OWN)}
    return word(FIELD_WORDS, name) if name in FIELD_WORDS else name


def way_word(rule: FieldRule) -> str:
    """In which direction it passes."""
    if rule.inward and rule.outward:
        return pgettext("field of a customer system", "comes in and goes out")
    if rule.inward:
        return pgettext("field of a customer system", "comes in")
    return pgettext("field of a customer system", "goes out") if rule.outward else _("does not pass")


def _used(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.is_used]


def _rule_typed(typed: Any, place: int) -> FieldRule:
    """Words that are none of a list are kept as they are: whoever checks says so."""
    differs = typed.get(f"differs-{place}", "")
    return FieldRule(
        typed.get(f"theirs-{place}", "").strip(),
        typed.get(f"in-{place}") == "yes",
        typed.get(f"out-{place}") == "yes",
        typed.get(f"class-{place}", ""),
        Differs(differs) if differs in set(Differs) else differs,
    )


def _row(line: Line, told: Mapping[str, Any]) -> dict[str, Any]:
    rule = line.rule
    return {
        "place": line.place,
        "ours": line.ours,
        "new": line.is_new,
        "word": field_word(line.ours),
        "theirs": rule.theirs,
        "way": way_word(rule) if rule.theirs else _("does not pass"),
        "example": _said(told[line.ours]) if line.ours in told else "",
        "kept_back": rule.outward and bool(rule.theirs) and line.ours not in told,
        "in": rule.inward,
        "out": rule.outward,
        "classes": [(str(c), word(CLASS_CHOICES, c), rule.info_class == c) for c in BRINGS],
        "differs": [(str(d), word(DIFFERS, d), rule.differs == d) for d in Differs],
        "faults": line.faults,
    }


def _said(value: Any) -> str:
    """A value as the system reads it, short."""
    if isinstance(value, list):
        return "; ".join(f"{one['network']} {one['handle']}" for one in value)
    return str(value)
