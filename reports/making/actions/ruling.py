"""The brand's rule for one kind of report: when it comes by itself, for whom, and whether silence lets it out."""

from collections.abc import Collection
from datetime import time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import people_named
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.composing import sections_of
from reports.making.models import ReportRule
from reports.making.queries import rule_of
from reports.making.rules import Rhythm, checked_rule, checked_sections, due_after
from reports.making.steps import date_run, follow_rule
from tenants.errors import Invalid, Refused
from tenants.walls.scope import durable

MOST_ADDRESSES = 20


def set_report_rule(
    actor: Actor,
    *,
    kind: str,
    rhythm: str,
    at: time,
    weekday: int = 0,
    day: int = 1,
    language: str = "",
    sections: Collection[str] = (),
    releases_itself: bool = False,
    window: int = 8,
    delivery: str = "link",
    readers: Collection[UUID] = (),
    outside_allowed: bool = False,
    addresses: Collection[str] = (),
) -> ReportRule:
    """One rule for each kind; setting it again changes it, for what waits by it, too.

    `window`: hours in which the brand is at work.
    Raises Refused('not_allowed' | 'outside_not_allowed'), Missing('person'), Invalid as `rules.checked_rule` and
    ('unknown_section', 'sections'), ('bad_email' | 'too_many', 'addresses').
    """
    require(actor, Verb.REPORT_RULE)
    language = language or actor.brand.language
    known, often, way = checked_rule(kind, rhythm, weekday, day, language, delivery, window)
    chosen = checked_sections(sections, sections_of(known)) if sections else []
    outside = checked_addresses(addresses)
    if outside and not outside_allowed:
        raise Refused("outside_not_allowed")
    with durable(actor.brand):
        rule = rule_of(known) or ReportRule(kind=known, info_class=InfoClass.SHARED)
        other_window = rule.window != window
        rule.rhythm, rule.at, rule.weekday, rule.day = often, at, weekday, day
        rule.language, rule.sections = language, chosen
        rule.releases_itself, rule.window, rule.delivery = releases_itself, window, way
        rule.readers = [str(one) for one in people_named(readers)]
        rule.outside_allowed, rule.addresses, rule.set_by = outside_allowed, outside, actor.somebody
        _keep(actor, rule)
        follow_rule(rule, anew=other_window)
        return rule


def _keep(actor: Actor, rule: ReportRule) -> None:
    """With its line, and when it is due next."""
    rule.save()
    facts = {name: getattr(rule, name) for name in ("kind", "rhythm", "releases_itself", "window")}
    record(actor, "report.rule_set", rule, **facts, readers=len(rule.readers), outside=len(rule.addresses))
    rhythm, zone = Rhythm(rule.rhythm), actor.brand.time_zone
    date_run(rule, due_after(timezone.now(), rhythm, rule.at, rule.weekday, rule.day, zone))


def checked_addresses(addresses: Collection[str]) -> list[str]:
    """Each once, in order. Raises Invalid('bad_email' | 'too_many', 'addresses')."""
    found = list(dict.fromkeys(one.strip() for one in addresses if one.strip()))
    if len(found) > MOST_ADDRESSES:
        raise Invalid("too_many", "addresses", most=MOST_ADDRESSES)
    try:
        for one in found:
            validate_email(one)
    except ValidationError:
        raise Invalid("bad_email", "addresses") from None
    return found
