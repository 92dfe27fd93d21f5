"""Every field of every form of reports, given what it cannot take: it is said at the field, in the reader's language, what was
typed stands there still, and nothing was done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import ShareLink
from clients.people.actor import process_of
from portal.wording import error_sentence
from reports.making.actions import make_report, set_report_rule
from reports.making.models import Annotation, Report, ReportRule
from reports.making.rules import LAST_DAY, LONGEST_TITLE, LONGEST_WINDOW, LONGEST_WORDS, Ruling
from reports.making.terms import LEAST_PASSWORD, LONGEST_PASSWORD
from reports.sharing.actions import share_report
from reports.sharing.models import Reader, Share
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.forms import forms_of
from tests.portal.test_reports import asked, out, url
from tests.world import World

OWNER, CM, AUDITOR, CONTACT = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.AUDITOR, Role.DEPARTMENT_CONTACT
SECRET = frozenset({"password"})
"""What is typed and never shown again."""
Typed = dict[str, Any]
AT = time(8)


@dataclass
class Place:
    """A brand with a draft, a report that is out, somebody of another brand, and their ids."""

    world: World
    other: World
    draft: Report
    released: Report
    theirs: Report
    link: str

    @property
    def stranger(self) -> str:
        return str(next(person.pk for role, person in self.other.people.items() if role is OWNER))


@dataclass(frozen=True)
class Case:
    """What is typed beside what is right, where it is said, by which code; `kept`: what stands in the form afterwards."""

    typed: Typed
    at: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    status: int = 422


def case(name: str, typed: Any, code: str, at: str = "", /, status: int = 422, **facts: Any) -> Case:
    return Case({name: typed}, at or name, code, facts, status)


def texts(name: str, most: int) -> list[Case]:
    """What no text may be."""
    return [
        case(name, "x" * (most + 1), "too_long", most=most),
        case(name, "Bon\0jour", "control_characters"),
    ]


def numbers(name: str, most: int, *, least: int = 1) -> list[Case]:
    odd = [case(name, typed, "not_a_number") for typed in ("", "x", "-1", "1e3", "½", "9" * 40, "\0")]
    return odd + [case(name, str(n), "number_out_of_range", most=most) for n in (least - 1, most + 1) if n >= 0]


def people(name: str) -> list[Case]:
    """Nobody, somebody who is nowhere, somebody of another brand (`{stranger}`)."""
    return [case(name, typed, "unknown_person") for typed in ("x", "\0", "{nowhere}", "{stranger}")]


@dataclass(frozen=True)
class Form:
    """One form: who fills it in, where it goes, what is right, and everything that is not. `refused`: a role that may not."""

    url: Callable[[Place], str]
    right: Typed
    cases: list[Case]
    who: Role | None = OWNER
    refused: Role | None = CONTACT
    speaks: str = ""
    """The one language it has, whoever reads it: that of the report."""


DAYS = {"kind": "custom", "of_kind": "custom", "period": "own"}
BUILDER = {"kind": "weekly", "of_kind": "weekly", "period": "2026-W46", "language": "fr", "section": ["done", "talk"]}
ASKED: list[Case] = [
    *(case("kind", typed, "unknown_report") for typed in ("", "daily", "\0")),
    *(case("period", typed, "not_a_date") for typed in ("", "2026-W99", "0001-W01", "9999-W52", "99999", "x", "\0")),
    case("period", "2098-W01", "period_not_begun"),
    case("period", "1999-01-01..2026-01-01", "period_too_long", most=366),
    case("period", "2026-11-09..2026-11-02", "ends_before_begins"),
    *(
        Case(DAYS | {"since": since, "until": until}, at, code, {"most": 366, "year": 2000})
        for since, until, at, code in (
            ("", "2026-11-10", "since", "not_a_date"),
            ("2026-11-02", "", "until", "not_a_date"),
            ("2026-02-30", "2026-11-10", "since", "not_a_date"),
            ("2026-11-02", "demain", "until", "not_a_date"),
            ("2026-11-10", "2026-11-02", "until", "ends_before_begins"),
            ("1026-11-10", "2026-11-02", "until", "period_too_long"),
            ("0026-11-02", "0026-11-10", "since", "period_too_early"),
            ("2098-01-01", "2098-01-02", "since", "period_not_begun"),
            ("9999-12-30", "9999-12-31", "since", "not_a_date"),
        )
    ),
    *(case("language", typed, "unknown_language") for typed in ("de", "\0")),
    *(case("section", [typed], "unknown_section", "sections") for typed in ("nope", "\0", "press")),
]
RULE = {
    "kind": "weekly",
    "rhythm": "weekly",
    "weekday": "3",
    "day": "5",
    "at": "09:30",
    "window": "12",
    "language": "fr",
    "delivery": "attached",
    "releases": "1",
    "section": ["done", "talk"],
    "outside": "1",
    "addresses": "ami@exemple.example",
}
FORMS: dict[str, Form] = {
    "builder": Form(
        lambda place: url("report_new"),
        BUILDER | {"title": "Notre semaine", "words": "Bonne lecture", "class": "brand"},
        [
            *ASKED,
            *texts("title", LONGEST_TITLE),
            *texts("words", LONGEST_WORDS),
            *(case("class", typed, "unknown_class") for typed in ("named", "", "\0")),
        ],
    ),
    "preview": Form(lambda place: url("report_preview"), BUILDER | {"title": "Notre semaine"}, ASKED),
    "rule": Form(
        lambda place: url("report_rules"),
        RULE,
        [
            *(case("kind", typed, "unknown_report") for typed in ("", "daily", "\0")),
            *(case("rhythm", typed, "unknown_rhythm") for typed in ("", "daily", "\0")),
            *(case("weekday", typed, "not_a_number") for typed in ("", "x", "-1")),
            case("weekday", "7", "unknown_weekday"),
            *numbers("day", LAST_DAY),
            *numbers("window", LONGEST_WINDOW, least=0),
            *(case("at", typed, "not_a_time") for typed in ("25:00", "12:60", "24:00", "x", "\0")),
            *(case("language", typed, "unknown_language") for typed in ("de", "\0")),
            *(case("delivery", typed, "unknown_delivery") for typed in ("", "fax", "\0")),
            *(case("section", [typed], "unknown_section", "sections") for typed in ("nope", "press")),
            *people("reader"),
            *(case("addresses", typed, "bad_email") for typed in ("x", "a@b.example\nnope", "a@\0.example", "x" * 400)),
            case("addresses", "\n".join(f"a{n}@b.example" for n in range(21)), "too_many", most=20),
            Case({"outside": ""}, "addresses", "outside_not_allowed", status=403),
        ],
        refused=CM,
    ),
    "reader": Form(
        lambda place: url("report_reader", place.released.pk),
        {"person": "", "address": "ami@exemple.example", "delivery": "attached"},
        [
            *people("person"),
            case("address", "", "nobody_chosen", "person"),
            *(case("address", typed, "bad_email") for typed in ("x", "a@b", "a@\0.example", "x" * 300 + "@b.example")),
            *(case("delivery", typed, "unknown_delivery") for typed in ("", "fax", "\0")),
        ],
        refused=CM,
    ),
    "share": Form(
        lambda place: url("report_share", place.released.pk),
        {"recipient": "Me Blanc", "days": "7", "views": "3", "password": ""},
        [
            *(case("recipient", typed, "name_empty") for typed in ("", "   ")),
            *texts("recipient", 200),
            *numbers("days", 30),
            *numbers("views", 1000),
            case("password", "court", "password_short", least=LEAST_PASSWORD),
            case("password", "x" * (LONGEST_PASSWORD + 1), "too_long", most=LONGEST_PASSWORD),
            case("password", "douze\0mots de passe", "control_characters"),
        ],
        refused=CM,
    ),
    "annotate": Form(
        lambda place: url("report_step", place.draft.pk),
        {"step": "annotate", "text": "Bravo."},
        [case("text", "", "text_empty"), case("text", " \n ", "text_empty"), *texts("text", LONGEST_WORDS)],
        refused=CM,
    ),
    "propose": Form(
        lambda place: url("report_step", place.draft.pk),
        {"step": "propose", "note": "À relire."},
        texts("note", LONGEST_WORDS),
        who=CM,
        refused=AUDITOR,
    ),
    "compare": Form(
        lambda place: url("report_compare", place.released.pk),
        {},
        [case("with", typed, "unknown_report") for typed in ("x", "\0", "{nowhere}", "{theirs}")],
    ),
    "verify": Form(
        lambda place: url("report_verify"),
        {},
        [case("code", typed, "nothing_to_check") for typed in ("", "   ", "!?")],
        who=None,
        refused=None,
    ),
    "password": Form(
        lambda place: url("report_shared"),
        {},
        [case("password", typed, "password_empty") for typed in ("", "   ")],
        who=None,
        refused=None,
        speaks="fr",
    ),
}
ASKS = frozenset({"compare"})
"""Forms that ask by an address."""


@pytest.fixture
def place(world: World, other: World) -> Place:
    """The brand allows addresses outside: else no form asks for one."""
    set_report_rule(world.owner, ruling=Ruling(kind="weekly", rhythm="never", at=AT, outside_allowed=True))
    released, theirs, draft = out(world), out(other), asked(world)
    made = share_report(world.owner, report_id=released.pk, recipient="Me Noir", password="douze mots de passe")
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=draft.pk)
    return Place(world, other, draft, released, theirs, made.token)


def client_for(place: Place, form: Form, browse: Browse) -> Client:
    client = browse(place.world.people[form.who] if form.who else None, place.world.brand)
    if form.who is None:
        client.post(url("shared"), {"token": place.link})
    return client


def kept(place: Place) -> tuple[Any, ...]:
    """Everything that a form of reports could have changed."""
    with brand_scope(place.world.brand):
        tables = (Report, ReportRule, Reader, Share, ShareLink, Annotation)
        counts = tuple(table.objects.count() for table in tables)
        lines = Entry.objects.filter(verb__startswith="report.").count()
        return (*counts, lines, list(ReportRule.objects.values_list("rhythm", "window", "readers")))


def filled(place: Place, form: Form, wrong: Typed) -> Typed:
    words = {"{nowhere}": str(uuid4()), "{stranger}": place.stranger, "{theirs}": str(place.theirs.pk)}
    return {name: words.get(str(value), value) for name, value in (form.right | wrong).items()}


def sent(client: Client, form: Form, at: str, typed: Typed, language: str, name: str) -> HttpResponse:
    ask = client.get if name in ASKS else client.post
    return ask(at, typed, headers={"accept-language": language})  # type: ignore[return-value]


def faults_of(name: str, one: Case, typed: Typed, page: HttpResponse, language: str) -> list[str]:
    """What is wrong with the answer."""
    with override(language):
        sentence = error_sentence(one.code, **one.facts)
    found = forms_of(page.content.decode())
    said = found.said.get(f"wrong-{one.at}", "")
    faults = [] if page.status_code == one.status else [f"status {page.status_code}"]
    faults += [] if said == sentence else [f"said {said!r}, not {sentence!r}"]
    faults += [] if found.marks.get(f"wrong-{one.at}") else ["no control is described by it"]
    for control, value in typed.items():
        values = value if isinstance(value, list) else [value]
        shown = found.held.get(control, [])
        # What nothing offers cannot be chosen again, and no page shows a character that cannot be seen.
        unseen = (
            control in SECRET | {"step", "with"} or "\0" in str(value) or (control in one.typed and not _free(control))
        )
        if not unseen and value and not set(values) <= set(shown):
            faults.append(f"{control} holds {shown}, not {values}")
    return [f"{name} {one.typed!r:.60} [{language}]: {fault}" for fault in faults]


def _free(control: str) -> bool:
    """Whether anything may be typed into it."""
    return control in {"title", "words", "since", "until", "day", "window", "at", "addresses", "address"} | {
        *("recipient", "days", "views", "text", "note", "code")
    }


def test_what_a_field_cannot_take_is_said_at_the_field(place: Place, browse: Browse) -> None:
    before, faults = kept(place), []
    for name, form in FORMS.items():
        client = client_for(place, form, browse)
        for one, language in product(form.cases, ("en", "fr")):
            typed = filled(place, form, one.typed)
            page = sent(client, form, form.url(place), typed, language, name)
            faults += faults_of(name, one, typed, page, form.speaks or language)
    assert not faults, "\n".join(faults)
    assert kept(place) == before


def test_whoever_may_not_is_told_so_and_another_brand_has_no_such_report(place: Place, browse: Browse) -> None:
    before, theirs = kept(place), replace(place, draft=place.theirs, released=place.theirs)
    for name, form in FORMS.items():
        if form.refused is None:
            continue
        refused, typed = browse(place.world.people[form.refused], place.world.brand), filled(place, form, {})
        for language in ("en", "fr"):
            page = sent(refused, form, form.url(place), typed, language, name)
            with override(language):
                assert (page.status_code, error_sentence("not_allowed") in page.content.decode()) == (403, True), name
        if form.url(theirs) != form.url(place):
            page = sent(client_for(place, form, browse), form, form.url(theirs), typed, "en", name)
            assert page.status_code == 404, name
    assert kept(place) == before


PRESSES: list[tuple[str, Typed]] = [
    ("report_step", {"step": "fly"}),
    ("report_step", {"step": ""}),
    ("report_step", {"step": "\0"}),
    ("report_step", {"step": "resume"}),  # nobody holds it
    ("report_step", {"step": "withdraw"}),  # it is not out
    ("report_reader", {"then": "remove", "reader": "x"}),
    ("report_reader", {"then": "remove", "reader": str(uuid4())}),
]


def test_a_press_that_leads_nowhere_does_nothing(place: Place, browse: Browse) -> None:
    owner, before = browse(place.world.people[OWNER], place.world.brand), kept(place)
    for (path, typed), language in product(PRESSES, ("en", "fr")):
        page = owner.post(url(path, place.draft.pk), typed, headers={"accept-language": language})
        assert page.status_code in {404, 409, 422}, typed
        assert 'id="failure"' in page.content.decode(), typed
    assert owner.post(url("report_share_end", place.released.pk, uuid4())).status_code == 404
    assert kept(place) == before


def test_what_is_right_is_done(place: Place, browse: Browse) -> None:
    """The same forms, filled in rightly: none of the refusals above comes from elsewhere."""
    for name in ("builder", "preview", "rule", "reader", "share", "annotate"):
        form = FORMS[name]
        page = sent(client_for(place, form, browse), form, form.url(place), filled(place, form, {}), "en", name)
        assert page.status_code in {200, 303}, name
        assert "wrong-" not in page.content.decode(), name
