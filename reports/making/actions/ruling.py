"""The brand's rule for one kind of report: when it comes by itself, for whom, and whether silence lets it out."""

from collections.abc import Collection
from dataclasses import replace

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clients.audit.actions import record
from clients.disclosure.steps import people_named
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.composing import sections_of
from reports.making.models import ReportRule
from reports.making.queries import rule_of
from reports.making.rules import Ruling, check_ruling, checked_sections
from reports.making.steps import date_run, follow_rule
from reports.making.terms import checked_password
from tenants.errors import Invalid, Refused
from tenants.walls.scope import durable

MOST_ADDRESSES, LONGEST_ADDRESS = 20, 254
AS_RULED = (
    *("rhythm", "at", "weekday", "day", "language", "sections"),
    *("releases_itself", "window", "delivery", "outside_allowed", "addresses", "info_class", "link_days", "link_views"),
)
"""Columns of a rule that are what the brand said; its readers are looked up first."""


def set_report_rule(actor: Actor, *, ruling: Ruling) -> ReportRule:
    """One rule for each kind; setting it again changes it, for what waits by it, too.

    Raises Refused('not_allowed' | 'outside_not_allowed'), Missing('person'), Invalid as `rules.check_ruling` and
    ('unknown_section', 'sections'), ('bad_email' | 'too_many', 'addresses').
    """
    require(actor, Verb.REPORT_RULE)
    ruled = _checked(replace(ruling, language=ruling.language or actor.brand.language))
    kept = (
        None if ruled.link_password is None else kept_password(ruled.link_password)
    )  # slow: outside of the transaction
    with durable(actor.brand):
        rule = rule_of(ruled.kind) or ReportRule(kind=ruled.kind)
        other_window = rule.window != ruled.window
        for column in AS_RULED:
            setattr(rule, column, getattr(ruled, column))
        rule.readers = [str(one) for one in people_named(ruled.readers)]
        rule.link_password = rule.link_password if kept is None else kept
        rule.set_by = actor.somebody
        _keep(actor, rule)
        follow_rule(rule, anew=other_window)
        return rule


def _checked(ruling: Ruling) -> Ruling:
    """With its sections in their order, and each address once."""
    check_ruling(ruling)
    sections = checked_sections(ruling.sections, sections_of(ruling.kind)) if ruling.sections else []
    addresses = checked_addresses(ruling.addresses)
    if addresses and not ruling.outside_allowed:
        raise Refused("outside_not_allowed", "addresses")
    return replace(ruling, sections=sections, addresses=addresses)


def _keep(actor: Actor, rule: ReportRule) -> None:
    """With its line, and when it is due next."""
    rule.save()
    facts = {name: getattr(rule, name) for name in ("kind", "rhythm", "releases_itself", "window")}
    record(actor, "report.rule_set", rule, **facts, readers=len(rule.readers), outside=len(rule.addresses))
    date_run(rule, actor.brand.time_zone)


def kept_password(password: str) -> str:
    """What is kept of a password: a slow hash, made before anything is locked; '' for none.

    Raises Invalid('password_short' | 'too_long', 'password').
    """
    secret = checked_password(password)
    return make_password(secret) if secret else ""


def checked_addresses(addresses: Collection[str], field: str = "addresses") -> list[str]:
    """Each once, in order. Raises Invalid('bad_email' | 'too_many', field)."""
    found = list(dict.fromkeys(one.strip() for one in addresses if one.strip()))
    if len(found) > MOST_ADDRESSES:
        raise Invalid("too_many", field, most=MOST_ADDRESSES)
    try:
        for one in found:
            validate_email(one)
            if len(one) > LONGEST_ADDRESS:
                raise Invalid("bad_email", field)
    except ValidationError:
        raise Invalid("bad_email", field) from None
    return found
