"""A mandate that has run out: nothing leaves since, and its people read nothing more either, though nobody pressed a button."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.mandates.actions import offer_mandate
from clients.mandates.actions.mandate import OVER, end_overdue_mandate
from clients.mandates.models import Mandate
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.access import actor_for
from tenants.errors import Missing
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.mandates.house import House


def offered_until(house: House, last: date) -> Mandate:
    return offer_mandate(actor=house.owner, agency_id=house.agency.pk, starts_on=date(2020, 1, 1), ends_on=last)


def row_of(house: House) -> OutboxRow:
    with brand_scope(house.brand):
        return OutboxRow.objects.get(kind=OVER)


def test_after_the_last_day_the_agencys_people_have_no_place(house: House) -> None:
    mandate = offered_until(house, timezone.now().date() - timedelta(days=2))
    perform(house.brand, row_of(house).pk)
    with brand_scope(house.brand):
        assert Mandate.objects.get(pk=mandate.pk).state == "ended"
        told = Entry.objects.get(verb="mandate.ended")
    assert (told.side, told.facts["because"]) == ("", "ends_on")
    with pytest.raises(Missing):
        actor_for(house.people[Role.COMMUNITY_MANAGER], house.brand, EntryPoint.PAGE)
    actor_for(house.people[Role.AUDITOR], house.brand, EntryPoint.PAGE)


def test_the_last_day_is_the_brands_own_day(house: House) -> None:
    offered_until(house, date(2999, 6, 30))
    assert house.brand.time_zone == "Europe/Paris"
    assert row_of(house).due_at == datetime(2999, 6, 30, 22, tzinfo=UTC)


def test_too_early_is_later_and_nothing_happens(house: House) -> None:
    mandate = offered_until(house, date(2999, 6, 30))
    with pytest.raises(Later):
        end_overdue_mandate(house.brand, mandate_id=mandate.pk)
    actor_for(house.people[Role.COMMUNITY_MANAGER], house.brand, EntryPoint.PAGE)


def test_twice_is_once(house: House) -> None:
    mandate = offered_until(house, timezone.now().date() - timedelta(days=2))
    end_overdue_mandate(house.brand, mandate_id=mandate.pk)
    end_overdue_mandate(house.brand, mandate_id=mandate.pk)
    with brand_scope(house.brand):
        assert Entry.objects.filter(verb="mandate.ended").count() == 1
