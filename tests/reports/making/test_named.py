"""Rows that are kept for named people stand in the copies of those people, and are left out of all others and counted."""

import pytest
from django.utils import timezone

from clients.audit.models import Entry
from clients.mentions.models import Mention
from reports.facts.periods import PeriodKind, period_of, today
from reports.making.access import access_edition, bytes_of_paper, shareable
from reports.making.models import Edition, Report
from reports.sharing.actions import release_report, share_report
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import made, said
from tests.world import World

MANAGER = Role.AGENCY_MANAGER


@pytest.fixture
def kept(world: World) -> Report:
    """A report of today with a row for both, two for named people of the agency (one for both of these), one for the brand."""
    both, one, brand = (said(world.brand, words) for words in ("Pour deux", "Pour une", "Pour la marque"))
    said(world.brand, "Pour tous")
    cm, manager = str(world.cm.person_id), str(world.people[MANAGER].pk)
    with brand_scope(world.brand):
        for mention, info_class, named in ((both, "named", [cm, manager]), (one, "named", [cm]), (brand, "brand", [])):
            Mention.objects.filter(pk=mention.pk).update(info_class=info_class, named=named)
    zone = world.brand.time_zone
    return made(world, period=period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone))


def read(world: World, report: Report, role: Role) -> Edition:
    with brand_scope(world.brand):
        found = access_edition(world.actor(role), report)
        assert found is not None
        return found


def test_each_reads_what_names_them_and_is_told_how_much_is_left_out(world: World, kept: Report) -> None:
    everything, hers, his, shared = (
        read(world, kept, role) for role in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, MANAGER, Role.AGENCY_OWNER)
    )
    assert [one.ceiling for one in (everything, hers, his, shared)] == ["brand", "named", "named", "shared"]
    assert len({one.pk for one in (everything, hers, his, shared)}) == 4
    assert everything.withheld == 0 < hers.withheld < his.withheld < shared.withheld == kept.withheld
    assert kept.content_class == "brand"
    assert (hers.info_class, shared.info_class) == ("named", "shared")


def test_those_who_see_the_same_share_one_copy(world: World) -> None:
    row = said(world.brand, "Pour deux")
    people = [str(world.cm.person_id), str(world.people[MANAGER].pk)]
    with brand_scope(world.brand):
        Mention.objects.filter(pk=row.pk).update(info_class="named", named=people)
    zone = world.brand.time_zone
    report = made(world, period=period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone))
    hers, his = read(world, report, Role.COMMUNITY_MANAGER), read(world, report, MANAGER)
    assert hers.pk == his.pk
    assert sorted(hers.readers) == sorted(people)
    with brand_scope(world.brand):
        assert bytes_of_paper(hers) != bytes_of_paper(read(world, report, Role.AGENCY_OWNER))


def test_reading_what_names_one_is_written_down_and_nothing_of_it_leaves_by_a_link(world: World, kept: Report) -> None:
    read(world, kept, Role.AGENCY_OWNER)
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb="read").exists()
    hers = read(world, kept, Role.COMMUNITY_MANAGER)
    with brand_scope(world.brand):
        (line,) = Entry.objects.filter(verb="read")
        assert line.facts["objects"][0]["revision"] == hers.digest
    release_report(world.owner, report_id=kept.pk)
    share = share_report(world.owner, report_id=kept.pk, recipient="Me Blanc").share
    with brand_scope(world.brand):
        assert share.edition_id == shareable(kept).pk != hers.pk


@pytest.mark.parametrize("code", ["trends", "talk"])
def test_whatever_section_leaves_a_row_out_the_brand_has_an_edition_with_it(world: World, code: str) -> None:
    said(world.brand, "Pour tous")
    said(world.brand, "Pour la marque", info_class="brand")
    zone = world.brand.time_zone
    report = made(
        world, kind="custom", sections=(code,), period=period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone)
    )
    theirs, shared = read(world, report, Role.BRAND_OWNER), read(world, report, Role.AGENCY_OWNER)
    assert (theirs.ceiling, theirs.info_class, theirs.withheld) == ("brand", "brand", 0)
    assert (shared.ceiling, shared.info_class, shared.withheld) == ("shared", "shared", report.withheld)
    assert shared.withheld == 1


def test_without_rows_for_named_people_there_are_no_copies_for_them(world: World) -> None:
    said(world.brand, "Pour la marque", info_class="brand")
    zone = world.brand.time_zone
    report = made(world, period=period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone))
    with brand_scope(world.brand):
        assert set(Edition.objects.filter(report=report).values_list("ceiling", flat=True)) == {"shared", "brand"}
