"""Whole facts over a quarter: what each reader is told, what is left out and counted, how often the database is asked."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from clients.audit.models import Entry
from clients.community.actions import note_naming
from clients.community.models import Member
from clients.community.rules import Consent
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.mentions.models import Mention
from clients.press.models import WatchNote
from clients.service.models import Clock
from reports.facts.bounded import MOST_LISTED
from reports.facts.canonical import data_of, facts_from
from reports.facts.opening import rows_of
from reports.facts.periods import PeriodKind, period_of, today
from reports.facts.sections import SECTIONS
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from tenants.errors import Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.proof._quarter import CHANGE_OF_CLOCKS, EMPTY, Quarter
from tests.reports.facts.conftest import NOW, told, values
from tests.world import World

QUARTER = period_of(PeriodKind.QUARTER, date(2026, 11, 1), "Europe/Paris")
WEEK = period_of(PeriodKind.WEEK, EMPTY, "Europe/Paris")
ASKED = {
    "done": 4, "talk": 6, "members": 5, "pictures": 5, "field": 2, "channels": 1, "clocks": 5, "fairness": 12, "insights": 8,
    "coming": 4, "names": 6, "brakes": 13, "trends": 8, "goals": 0, "benefit": 6, "business": 5, "press": 4, "receipts": 1,
    "reads": 5, "left": 5, "proof": 4,
    "charter": 7, "briefing": 3, "places": 3, "people": 2, "talks": 3, "plans": 5, "ready": 1, "known": 5, "lessons": 2,
    "tickets": 2,
}  # fmt: skip
"""Queries of each section, whatever the brand has."""
BESIDE = 4
"""One for the scope, one for when the log begins, one for the goals, one for the checkpoint."""


def test_an_agency_counts_what_it_reads_and_is_told_how_much_it_does_not(world: World) -> None:
    mine, theirs = told(world, "weekly", QUARTER, world.cm), told(world, "weekly", QUARTER, world.owner)
    with brand_scope(world.brand):
        every = Mention.objects.filter(found_at__gte=QUARTER.since, found_at__lt=QUARTER.until)
        open_to_both = every.filter(info_class__in=("public", "shared"))
        assert values(theirs)["mentions.found"] == every.count()
        assert values(mine)["mentions.found"] == open_to_both.count() > 0
        hidden = every.count() - open_to_both.count()
    found = {figure.key: figure for _, figure in mine.figures()}
    assert found["mentions.found"].withheld == hidden > 0
    assert mine.withheld > hidden and theirs.withheld == 0
    assert mine.info_class is InfoClass.SHARED and theirs.info_class is InfoClass.BRAND


def test_the_house_sees_up_to_its_ceiling(world: World) -> None:
    assert values(told(world, "weekly", QUARTER, ceiling=InfoClass.SHARED)) == values(
        told(world, "weekly", QUARTER, world.cm)
    )
    closed = told(world, "weekly", QUARTER, ceiling=InfoClass.PUBLIC)
    found = {figure.key: figure for _, figure in closed.figures()}
    assert found["acts.done"].is_closed and (found["acts.done"].value, found["acts.done"].withheld) == (None, 0)
    assert found["mentions.found"].value and found["field.ratio"].value is None
    assert closed.section("channels") is not None and not closed.section("channels").figures  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["trends", "fairness", "members", "coming"])
def test_a_section_alone_counts_what_it_leaves_out_and_has_the_class_of_what_it_shows(world: World, code: str) -> None:
    with durable(world.brand):
        day = QUARTER.after.start
        for subject, info_class in (("Salon", "brand"), ("Foire", "shared")):
            WatchNote.objects.create(
                day=day, subject=subject, author_id=world.owner.person_id, author_name="Sophie", info_class=info_class
            )
    mine, theirs = (told(world, "custom", QUARTER, actor, chosen=(code,)) for actor in (world.cm, world.owner))
    assert mine.withheld > 0 and mine.withheld == mine.sections[0].withheld
    assert theirs.withheld == theirs.sections[0].withheld == 0
    assert (mine.info_class, theirs.info_class) == (InfoClass.SHARED, InfoClass.BRAND)


def test_a_trend_leaves_out_as_many_rows_as_its_weeks_hold(world: World) -> None:
    facts = told(world, "custom", QUARTER, world.cm, chosen=("trends",))
    theirs = told(world, "custom", QUARTER, world.owner, chosen=("trends",))
    found, every = ({one.code: one for one in one.sections[0].series} for one in (facts, theirs))
    hidden = sum(
        sum(point.value or 0 for point in every[code].points) - sum(point.value or 0 for point in found[code].points)
        for code in ("mentions.found", "members.said", "insights.noted")
    )
    with brand_scope(world.brand):
        weeks = QUARTER.weeks
        span = {"started_at__gte": weeks[0].since, "started_at__lt": weeks[-1].until}
        rounds = Clock.objects.filter(**span).exclude(conversation__info_class__in=("public", "shared")).count()
    assert facts.withheld == hidden + rounds > rounds
    assert {found["mentions.found"].info_class, found["acts.done"].info_class} == {InfoClass.SHARED}
    assert every["mentions.found"].info_class is every["clocks.median"].info_class is InfoClass.BRAND


def test_a_name_that_is_kept_is_counted_and_looks_like_one_that_nobody_agreed_to(world: World) -> None:
    names = _names(told(world, "custom", QUARTER, world.cm, chosen=("members",))) - {None}
    before = told(world, "custom", QUARTER, world.cm, chosen=("members",))
    with durable(world.brand):
        Member.objects.filter(name=min(str(name) for name in names)).update(info_class="brand")
    after = told(world, "custom", QUARTER, world.cm, chosen=("members",))
    assert after.withheld == before.withheld + 1
    assert len(_names(after) - {None}) == len(names) - 1
    unnamed = [row for one in after.sections[0].listings for row in one.rows if row.cells[1] is None]
    assert all(row.id is None and row.info_class is InfoClass.SHARED for row in unnamed)


def test_another_brand_counts_for_nothing(world: World, brand_b: BrandRef) -> None:
    before = told(world, "custom", QUARTER, world.owner)
    Quarter(brand_b, 9, 8).write()
    after = told(world, "custom", QUARTER, world.owner)
    assert replace(after, checkpoint=None) == replace(before, checkpoint=None)


def test_an_empty_week_has_counts_of_nothing_and_no_shares(world: World) -> None:
    facts = told(world, "weekly", WEEK, world.owner)
    found = {figure.key: figure for _, figure in facts.figures()}
    assert found["acts.done"].value == found["mentions.found"].value == found["clocks.rounds;clock=answer"].value == 0
    assert found["field.ratio"].value is found["clocks.median;clock=answer"].value is None
    assert facts.section("pictures") is not None and facts.section("pictures").is_empty  # type: ignore[union-attr]


def test_the_week_before_is_the_before_of_the_week(world: World) -> None:
    week = period_of(PeriodKind.WEEK, CHANGE_OF_CLOCKS, "Europe/Paris")
    facts, earlier = (told(world, "weekly", one, world.owner) for one in (week, week.before))
    before = {one.key: one.before for _, one in facts.figures() if one.before and one.code != "coming.items"}
    assert before == {one.key: one.value for _, one in earlier.figures() if one.value and one.code != "coming.items"}
    assert before["acts.done"]


def test_before_the_brand_came_there_is_nothing_and_not_zero(world: World) -> None:
    with brand_scope(world.brand):
        began = Entry.objects.order_by("at").values_list("at", flat=True)[0]
    first = period_of(PeriodKind.WEEK, today(began, "Europe/Paris"), "Europe/Paris")
    for week, is_first in ((first, True), (first.after, False)):
        facts = told(world, "weekly", week, world.owner)
        found = {figure.key: figure for _, figure in facts.figures()}
        assert facts.is_first is is_first and facts.brand.began == began
        assert found["words.veto"].value is not None
        assert (found["words.veto"].before is None) is is_first
        assert facts_from(data_of(facts)) == facts
    earlier = told(world, "weekly", first.before, world.owner)
    counts = [figure for _, figure in earlier.figures() if figure.code != "coming.items"]
    assert counts and all(one.value is None and one.before is None for one in counts)
    trends = told(world, "monthly", first.before.after, world.owner).section("trends")
    assert trends is not None and trends.series[0].points[0].value is not None
    early = told(world, "monthly", first.before, world.owner).section("trends")
    assert early is not None and all(point.value is None for one in early.series for point in one.points)


def test_a_week_that_runs_is_compared_with_the_same_stretch_of_the_week_before(world: World) -> None:
    """At half past nine on its Wednesday: what came later, in this week or the one before, counts for nothing."""
    week = period_of(PeriodKind.WEEK, CHANGE_OF_CLOCKS, "Europe/Paris")
    wednesday = week.since + timedelta(days=2, hours=9, minutes=30)
    whole, facts = (told(world, "custom", week, world.owner, now=now) for now in (NOW, wednesday))
    with brand_scope(world.brand):
        sent = Receipt.objects.filter(sent_at__gte=week.since, sent_at__lt=wednesday).count()
        earlier = {"sent_at__gte": week.before.since, "sent_at__lt": wednesday - timedelta(days=7)}
        before = Receipt.objects.filter(**earlier).count()
    (now_whole, now_told) = (next(f for _, f in one.figures() if f.key == "acts.done") for one in (whole, facts))
    assert (now_told.value, now_told.before) == (sent, before)
    assert sent < (now_whole.value or 0) and before < (now_whole.before or 0)
    assert facts.period.is_running and not whole.period.is_running


def test_of_a_period_to_come_there_is_nothing_and_not_zero(world: World) -> None:
    facts = told(world, "custom", QUARTER, world.owner, now=QUARTER.since - timedelta(days=1))
    assert all(one.value is None for _, one in facts.figures())
    assert all(point.value is None for one in facts.sections for series in one.series for point in series.points[1:])


def test_clocks_that_waited_at_the_end_are_the_same_whenever_they_are_counted(world: World) -> None:
    key = "clocks.waiting;clock=answer"
    earlier = told(world, "weekly", QUARTER, world.owner)
    with durable(world.brand):
        clocks = Clock.objects.filter(started_at__gte=QUARTER.since, started_at__lt=QUARTER.until, kind="answer")
        running = clocks.filter(Q(stopped_at=None) | Q(stopped_at__gte=QUARTER.until))
        count = running.count()
        one = running.filter(stopped_at=None).first()
        assert one is not None
        Clock.objects.filter(pk=one.pk).update(
            state="stopped", stopped_at=QUARTER.until + timedelta(hours=3), stopped_by="agency"
        )
    later = told(world, "weekly", QUARTER, world.owner)
    assert values(earlier)[key] == values(later)[key] == count > 0
    with durable(world.brand):
        Clock.objects.filter(pk=one.pk).update(stopped_at=QUARTER.until - timedelta(seconds=1))
    assert values(told(world, "weekly", QUARTER, world.owner))[key] == count - 1


def test_members_are_named_by_the_consent_to_it_alone(world: World) -> None:
    names = _names(told(world, "weekly", QUARTER, world.owner))
    with brand_scope(world.brand):
        allowed = set(Member.objects.filter(naming_consent=Consent.GIVEN).values_list("name", flat=True))
        refused = set(Member.objects.exclude(naming_consent=Consent.GIVEN).values_list("name", flat=True))
        may_be_written_to = set(Member.objects.filter(consent=Consent.GIVEN).values_list("name", flat=True))
    assert may_be_written_to & refused, "else nothing is shown"
    assert names & allowed and not names & refused and None in names
    mine = _names(told(world, "weekly", QUARTER, world.cm)) - {None}
    with brand_scope(world.brand):
        kept = set(Member.objects.exclude(info_class__in=("public", "shared")).values_list("name", flat=True))
    assert not mine & kept and names & kept


def test_a_name_comes_and_goes_with_the_consent_and_what_was_made_stays(world: World, brand_b: BrandRef) -> None:
    Quarter(brand_b, 9, 8).write()
    with brand_scope(brand_b):
        theirs = set(Member.objects.values_list("pk", flat=True))
    made = told(world, "weekly", QUARTER, world.owner)
    (name, *_) = sorted(str(one) for one in _names(made) if one)
    with brand_scope(world.brand):
        member = Member.objects.get(name=name)
    note_naming(world.owner, member_id=member.pk, consent="withdrawn")
    after = told(world, "weekly", QUARTER, world.owner)
    assert _names(made) - _names(after) == {name} and values(after) == values(made)
    note_naming(world.owner, member_id=member.pk, consent="given", how="De vive voix")
    assert _names(told(world, "weekly", QUARTER, world.owner)) == _names(made)
    rows = {row.id for one in after.section("members").listings for row in one.rows}  # type: ignore[union-attr]
    assert not rows & theirs


def test_the_log_is_for_those_who_may_read_it(world: World) -> None:
    assert values(told(world, "audit", QUARTER, world.actor(Role.AUDITOR)))["log.lines"]
    with pytest.raises(Refused, match="not_allowed"):
        told(world, "audit", QUARTER, world.cm)
    with brand_scope(world.brand), pytest.raises(Refused, match="not_allowed"):
        rows_of("log.lines", Sight(InfoClass.BRAND, world.cm), QUARTER)


def test_a_department_is_told_no_figures(world: World) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        told(world, "weekly", QUARTER, world.actor(Role.DEPARTMENT_CONTACT))


def test_what_is_no_kind_no_section_and_no_figure(world: World) -> None:
    sight = Sight(InfoClass.BRAND, world.owner)
    with brand_scope(world.brand):
        with pytest.raises(Invalid, match="unknown_choice"):
            facts_of(world.brand, sight, "daily", QUARTER, now=NOW)
        with pytest.raises(Invalid, match="unknown_choice"):
            facts_of(world.brand, sight, "weekly", QUARTER, now=NOW, chosen=("left",))
        for key in ("", "acts", "acts.done;kind=answer", "acts.done;kind=a;kind=b;channel=c", "field.acts;medium=x"):
            with pytest.raises(Missing, match="figure"):
                rows_of(key, sight, QUARTER)


def test_every_figure_opens_down_to_as_many_rows_as_it_says(world: World) -> None:
    sight = Sight(InfoClass.BRAND, world.cm)
    facts = told(world, "weekly", QUARTER, world.cm)
    with brand_scope(world.brand):
        for _, figure in facts.figures():
            with CaptureQueriesContext(connection) as asked:
                opened = rows_of(figure.key, sight, QUARTER, most=2)
            assert (opened.seen, opened.withheld) == (figure.rows, figure.withheld), figure.key
            assert len(asked) <= 3
            assert len(opened.rows) == min(2, figure.rows)
            assert all(row.info_class in {InfoClass.PUBLIC, InfoClass.SHARED} for row in opened.rows)


GUESSES = {
    "mentions.topic;topic={}": (Mention, {"matched": ["ja"]}),
    "fairness.language.rounds;clock=answer;language={}": (Conversation, {"language": "ja"}),
}


@pytest.mark.parametrize("key", GUESSES)
def test_a_guess_at_what_is_kept_is_answered_like_any_other(world: World, key: str) -> None:
    """A name that stands on one row of the brand's alone; once the reader meets it on a row of theirs, that one is counted."""
    model, named_so = GUESSES[key]
    mine, theirs = Sight(InfoClass.BRAND, world.cm), Sight(InfoClass.BRAND, world.owner)
    guessed, other = key.format("ja"), key.format("ko")
    with brand_scope(world.brand):
        hidden, read = _in_the_quarter(model)
        model.objects.filter(pk=hidden).update(info_class="brand", named=[], **named_so)
        for found in (rows_of(guessed, mine, QUARTER), rows_of(other, mine, QUARTER)):
            assert (found.rows, found.seen, found.withheld) == ((), 0, 0)
        assert rows_of(guessed, theirs, QUARTER).seen > 0
        model.objects.filter(pk=read).update(info_class="shared", named=[], **named_so)
        found = rows_of(guessed, mine, QUARTER)
        assert found.seen > 0 and found.withheld > 0


def _in_the_quarter(model: type[Mention | Conversation]) -> list[UUID]:
    """Two rows that count in it."""
    if model is Mention:
        found = Mention.objects.filter(found_at__gte=QUARTER.since, found_at__lt=QUARTER.until)
        return list(found.order_by("pk").values_list("pk", flat=True)[:2])
    clocks = Clock.objects.filter(started_at__gte=QUARTER.since, started_at__lt=QUARTER.until, kind="answer")
    return list(clocks.order_by("conversation").values_list("conversation", flat=True)[:2])


def test_queries_of_each_section_do_not_grow_with_rows(world: World) -> None:
    assert _asked(world) == ASKED
    Quarter(world.brand, 7, 40).write()
    assert _asked(world) == ASKED


def test_ten_thousand_rows_are_counted_where_they_are_and_listed_up_to_a_bound(world: World) -> None:
    with brand_scope(world.brand):
        one = Receipt.objects.order_by("sent_at").filter(sent_at__gte=QUARTER.since).first()
        assert one is not None
        with connection.cursor() as cursor:
            columns = [f.column for f in Receipt._meta.concrete_fields if f.column not in {"id", "dispatch_id"}]
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO gate_receipt (id, dispatch_id, {names}) SELECT gen_random_uuid(), gen_random_uuid(), {names}"
                " FROM gate_receipt, generate_series(1, 10000) WHERE id = %s",
                [one.pk],
            )
        with CaptureQueriesContext(connection) as asked:
            facts = facts_of(
                world.brand, Sight(InfoClass.BRAND, world.cm), "custom", QUARTER, now=NOW, chosen=("done", "names")
            )
        counting = [one["sql"] for one in asked.captured_queries if "gate_receipt" in one["sql"]]
        assert len(counting) == ASKED["done"] + ASKED["names"] and len(asked) == len(counting) + BESIDE
        listing = [one for one in counting if "COUNT(" not in one]
        assert len(listing) == 3 and all(f"LIMIT {MOST_LISTED}" in one for one in listing)
    assert (values(facts)["acts.done"] or 0) > 10_000


def _asked(world: World) -> dict[str, int]:
    found = {}
    for code in SECTIONS:
        with brand_scope(world.brand), CaptureQueriesContext(connection) as asked:
            facts_of(world.brand, Sight(InfoClass.BRAND, world.owner), "custom", QUARTER, now=NOW, chosen=(code,))
        found[code] = len(asked) - BESIDE
    return found


def _names(facts: Facts) -> set[object]:
    section = facts.section("members")
    assert section is not None
    return {record["name"] for listing in section.listings for record in listing.records()}
