"""The brand's rule for each kind of report: when one comes by itself, to whom, and whether silence lets it out."""

from datetime import time
from typing import Any

from api.inputs import Choice, Clock, Flag, Id, Input, ListOf, Maybe, Moment, Text, Whole
from api.resource import Act, Body, Field, Resource, Rows
from api.resources.filtering import NUMBER, WORDS, equal, listed
from api.resources.reports import CHOSEN
from clients.disclosure.rules import MOST_VIEWS, InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.actions import set_report_rule
from reports.making.models import ReportRule
from reports.making.queries import rules_told
from reports.making.rules import (
    CLASSES,
    LANGUAGES,
    LAST_DAY,
    LAST_WEEKDAY,
    LONGEST_WINDOW,
    Delivery,
    ReportKind,
    Rhythm,
    Ruling,
)
from reports.making.terms import LONGEST, LONGEST_PASSWORD, USUAL_DAYS, USUAL_VIEWS
from tenants.errors import Missing

MOST_READERS, MOST_ADDRESSES, LONGEST_ADDRESS = 100, 20, 254
KIND = Choice(ReportKind)
CLASS = Choice(tuple(map(str, CLASSES)))


def rows(actor: Actor) -> Rows:
    """Those that were ever set."""
    require(actor, Verb.REPORT_RULE)
    return rules_told()


def _set(actor: Actor, of: Any, body: Body) -> Any:
    if of not in set(ReportKind):
        raise Missing("report_rule")
    ruled = body | {"info_class": InfoClass(body["info_class"]), "link_password": body["password"]}
    del ruled["password"]
    set_report_rule(actor, ruling=Ruling(kind=of, **ruled))
    return of


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


RESOURCES = (
    Resource(
        name="report-rules",
        kind="reports.rule",
        missing="report_rule",
        rows=rows,
        id_column="kind",
        id_type=KIND,
        order=("kind",),
        class_column="info_class",
        etag=(
            *("rhythm", "at", "weekday", "day", "language", "sections", "info_class", "releases_itself", "window"),
            *("delivery", "readers", "outside_allowed", "addresses", "link_days", "link_views"),
        ),
        table=ReportRule,
        fields=(
            Field("kind", KIND, always=True, about="Of which reports; there is one rule for each kind."),
            Field("rhythm", Choice(Rhythm), about="`never`: none comes by itself, and silence lets none out."),
            Field("at", Clock(), draw=_clock),
            Field("weekday", NUMBER, about="Of a weekly rhythm; Monday is 0."),
            Field("day", NUMBER, about="Of a monthly one."),
            Field("language", Choice(LANGUAGES)),
            Field("sections", listed(WORDS), about="None: all that the kind has."),
            Field("info_class", CLASS),
            Field("releases_itself", Flag(), about="Whether silence lets it out."),
            Field("window", NUMBER, about="Hours in which the brand is at work, to look at it."),
            Field("delivery", Choice(Delivery)),
            Field("readers", listed(Id())),
            Field("outside_allowed", Flag()),
            Field("addresses", listed(WORDS)),
            Field("link_days", NUMBER),
            Field("link_views", NUMBER),
            Field("has_password", Flag()),
            Field("next_at", Maybe(Moment()), about="When the next one is made."),
        ),
        filters=(equal("rhythm", Choice(Rhythm)),),
        replace=Act(
            "set",
            _set,
            "report-rules:write",
            (
                Input("rhythm", Choice(Rhythm), required=True),
                Input("at", Clock(), default=time(8), about="On the brand's clock."),
                Input("weekday", Whole(0, LAST_WEEKDAY), default=0),
                Input("day", Whole(1, LAST_DAY), default=1),
                Input("language", Choice(("", *LANGUAGES)), default="", about="Empty: the brand's own."),
                Input("sections", CHOSEN, default=()),
                Input("info_class", CLASS, default=str(InfoClass.SHARED)),
                Input("releases_itself", Flag(), default=False),
                Input("window", Whole(0, LONGEST_WINDOW), default=8),
                Input("delivery", Choice(Delivery), default=str(Delivery.LINK)),
                Input("readers", ListOf(Id(), MOST_READERS), default=()),
                Input("outside_allowed", Flag(), default=False),
                Input("addresses", ListOf(Text(LONGEST_ADDRESS), MOST_ADDRESSES), default=()),
                Input("link_days", Whole(1, LONGEST.days), default=USUAL_DAYS),
                Input("link_views", Whole(1, MOST_VIEWS), default=USUAL_VIEWS),
                Input(
                    "password",
                    Maybe(Text(LONGEST_PASSWORD)),
                    about="Of links in letters to addresses outside. Null leaves what was ruled, empty is none.",
                ),
            ),
            about="The whole rule of one kind: what is left out is as usual. What waits by it follows.",
        ),
        about="When reports come by themselves, for whom, and whether silence lets them out.",
    ),
)
