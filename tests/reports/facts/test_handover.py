"""What is handed over: each part in the class of its rows, no secret, nothing of another brand, and only what is not over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest
from django.utils.translation import override

from clients.approvals.models import Hold
from clients.briefings.rules import Section
from clients.channels.models import Channel
from clients.community.models import Member, MemberHandle
from clients.community.rules import Consent
from clients.conversations.models import SavedReply
from clients.custody.clocks import ClockKind, ClockState
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.insights.models import Insight
from clients.items.life import ItemState
from clients.items.models import Item, Series
from clients.mandates.models import Mandate
from clients.service.models import Clock
from clients.service.rules import Band
from clients.sources.models import Source
from reports.facts.periods import PeriodKind, period_of
from reports.facts.sections import HANDOVER, NEEDS, shut
from reports.facts.shapes import Cell, Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from reports.kinds.composing import document_of
from reports.kinds.handed import PARTS
from reports.rendering.markup import markup_of
from reports.rendering.typography import Language
from tenants.errors import Refused
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.reports.facts.test_goals import agree
from tests.reports.kinds import examples
from tests.world import World, make_world

MONTH = period_of(PeriodKind.MONTH, date(2026, 11, 4), "Europe/Paris")
NOW, DUE = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, 9, tzinfo=UTC)
SECRET = b"never told"


@pytest.fixture
def world(brand_a: BrandRef, brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """The same in two brands; what is called 'kept' or 'finished' is not for the agency, or not for anybody."""
    found = [make_world(brand, person_factory) for brand in (brand_b, brand_a)]
    for one, mark in zip(found, ("foreign ", ""), strict=True):
        with durable(one.brand):
            _left(mark)
    return found[1]


def _left(mark: str) -> None:
    Channel.objects.update(secret=SECRET)
    for name, info_class in ((f"{mark}shared", "shared"), (f"{mark}kept", "brand")):
        kept = {"info_class": info_class, "owner_side": "brand"}
        talk = Conversation.objects.create(
            medium="comment", title=name, holder_side="agency", holder_team="Soir", **kept
        )
        Clock.objects.create(
            conversation=talk, kind=ClockKind.ANSWER, round=1, started_at=NOW, target=60, band=Band.REGULAR,
            state=ClockState.RUNNING, due_at=DUE,
        )  # fmt: skip
        Source.objects.create(kind="feed", name=name, state="on", every=60, added_by=uuid4(), secret=SECRET, **kept)
        Insight.objects.create(title=name, by_person=uuid4(), by_name="Inès", side="agency", **kept)
        member = Member.objects.create(name=name, naming_consent=Consent.GIVEN, created_by=uuid4(), **kept)
        MemberHandle.objects.create(member=member, network="mastodon", handle="@awa")
        Member.objects.create(name=f"{mark}finished, unnamed", consent=Consent.GIVEN, created_by=uuid4(), **kept)
        side = "agency" if info_class == "shared" else "brand"
        for shared in (True, False):
            ready = {
                "name": name if shared else f"{mark}finished, one’s own",
                "text": "…",
                "side": side,
                "shared": shared,
            }
            SavedReply.objects.create(person_id=uuid4(), **ready)
    closed = {"state": "closed", "closed_at": NOW, "info_class": "shared", "owner_side": "brand"}
    Conversation.objects.create(medium="comment", title=f"{mark}finished", holder_side="agency", **closed)
    for state in (ItemState.CLEARED, ItemState.SENT):
        Item.objects.create(
            state=state, title=f"{mark}finished" if state is ItemState.SENT else f"{mark}planned", kind="publish",
            sensitivity="routine", author_id=uuid4(), author_name="Inès", author_side="agency",
        )  # fmt: skip
    for title, stopped in ((f"{mark}each week", None), (f"{mark}finished", NOW)):
        Series.objects.create(
            title=title, content={}, rule="FREQ=WEEKLY;BYDAY=MO", first_day=date(2026, 1, 5), clock=time(9),
            author_id=uuid4(), author_name="Inès", stopped_at=stopped,
        )  # fmt: skip
    for lifted in (None, NOW):
        Hold.objects.create(
            scope="kind", value="publish" if lifted is None else "answer", placed_by=uuid4(), placed_by_name="Sophie",
            reason=f"{mark}finished" if lifted else f"{mark}reason", lifted_at=lifted,
        )  # fmt: skip


def dossier(world: World, sight: Sight, without: frozenset[str] = frozenset()) -> Facts:
    with brand_scope(world.brand):
        return facts_of(world.brand, sight, "dossier", MONTH, now=NOW, without=without)


def titles(facts: Facts, section: str, code: str, column: str) -> list[Cell]:
    found = facts.section(section)
    assert found is not None
    return [one[column] for listing in found.listings if listing.code == code for one in listing.records()]


WITH_CLASSES = [
    *(("talks", "talks", "title"), ("places", "sources", "source"), ("lessons", "lessons", "title")),
    *(("known", "known", "member"), ("ready", "ready", "title")),
]


@pytest.mark.parametrize(("section", "code", "column"), WITH_CLASSES)
def test_each_part_is_told_in_the_class_of_its_rows_and_the_rest_is_counted(
    world: World, section: str, code: str, column: str
) -> None:
    brand, both = (dossier(world, Sight(ceiling)) for ceiling in (InfoClass.BRAND, InfoClass.SHARED))
    assert set(titles(brand, section, code, column)) == {"shared", "kept"}
    assert titles(both, section, code, column) == ["shared"]
    listing = next(one for one in both.section(section).listings if one.code == code)  # type: ignore[union-attr]
    assert listing.withheld == 1


def test_what_is_open_planned_and_held_is_told_and_what_is_over_is_not(world: World) -> None:
    facts = dossier(world, Sight(InfoClass.SHARED))
    assert titles(facts, "talks", "talks", "due_answer") == ["2026-12-02T09:00:00.000000Z"]
    assert titles(facts, "talks", "talks", "holder") == ["Soir"]
    assert titles(facts, "plans", "plans", "title") == ["planned"]
    assert titles(facts, "plans", "series", "title") == ["each week"]
    assert titles(facts, "plans", "held", "reason") == ["reason"]
    assert titles(facts, "known", "known", "handles") == ["@awa (mastodon)"]


def test_the_charter_the_briefing_and_the_people_are_those_in_force(world: World) -> None:
    facts = dossier(world, Sight(InfoClass.SHARED))
    assert titles(facts, "charter", "mandates", "mandate_state") == ["active"]
    assert set(titles(facts, "charter", "charter", "agency")) == {"Agence Lumen"}
    assert titles(facts, "places", "channels", "channel") == ["Le mur"]
    assert "objectives" in titles(dossier(world, Sight(InfoClass.BRAND)), "briefing", "briefing", "part")
    assert titles(facts, "briefing", "briefing", "part") == [] and facts.section("briefing").withheld > 0  # type: ignore[union-attr]
    roles = titles(facts, "people", "people", "role")
    assert {"brand_owner", "community_manager"} <= set(roles) and len(roles) == len(set(roles))


def test_several_mandates_are_the_brands_to_see_and_kept_as_such(world: World) -> None:
    with durable(world.brand):
        other = Mandate.objects.get()
        other.pk, other.agency_id, other.agency_name = uuid4(), uuid4(), "Agence Autre"
        other.save(force_insert=True)
    brand, both = (dossier(world, Sight(ceiling)).section("charter") for ceiling in (InfoClass.BRAND, InfoClass.SHARED))
    assert brand is not None and both is not None
    assert {row.info_class for listing in brand.listings for row in listing.rows} == {InfoClass.BRAND}
    assert len(brand.listings[0].rows) == 2
    assert not [row for listing in both.listings for row in listing.rows]


def test_no_secret_and_nothing_of_another_brand_or_of_what_is_over_stands_in_it(world: World) -> None:
    facts = dossier(world, Sight(InfoClass.BRAND))
    handed = [one for one in facts.sections if one.code in {"charter", "briefing", *HANDOVER}]
    cells = [str(cell) for one in handed for listing in one.listings for row in listing.rows for cell in row.cells]
    assert len(cells) > 100
    assert not [cell for cell in cells if "foreign" in cell or "finished" in cell or "never told" in cell]


def test_for_whoever_takes_over_what_the_log_says_is_left_out(world: World) -> None:
    closed = shut("dossier")
    assert closed == NEEDS.keys() and not shut("audit") and not shut("custom")
    whole, part = (dossier(world, Sight(InfoClass.SHARED), without) for without in (frozenset(), closed))
    assert {one.code for one in whole.sections} - {one.code for one in part.sections} == closed
    assert whole.withheld == part.withheld > 0


def test_whoever_may_not_read_the_log_does_not_get_it_by_asking(world: World) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        dossier(world, Sight(InfoClass.BRAND, world.cm))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Acts in the brand’s name: at least 1,234 per month, from 1\u00a0November 2026"),
        ("fr", "Actes au nom de la marque\u00a0: au moins 1\u202f234 par mois, à partir du 1er\u00a0novembre 2026"),
    ],
)
def test_goals_of_the_briefing_are_told_in_words(world: World, language: Language, said: str) -> None:
    agree(world, 1, ("acts.done", "at_least", "1234", "month", "2026-11-01"))
    facts = dossier(world, Sight(InfoClass.BRAND))
    with override(language):
        assert said in markup_of(document_of(facts, language, examples.dress())).html


def test_every_part_of_the_briefing_has_its_word() -> None:
    assert set(PARTS) == set(Section)
