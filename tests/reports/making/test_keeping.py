"""Reports are kept as long as the brand says, and no member outlives their erasure in one."""

from datetime import timedelta

import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from clients.audit.erasing.holders import holders
from clients.community.retention import KEPT
from clients.community.rules import Stored
from reports.making.actions import drop_papers
from reports.making.models import Edition, Paper
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import made, worker
from tests.world import World


def test_emptied_facts_take_their_file_along(world: World) -> None:
    made(world)
    kept = KEPT[Stored.REPORTS]
    with brand_scope(world.brand), time_machine.travel(timezone.now() + timedelta(days=1)):
        assert kept.older(timezone.now() - timedelta(days=2)).count() == 0
        assert kept.older(timezone.now()).count() == 1
    assert drop_papers(worker(world)) == 0
    with brand_scope(world.brand):
        name = Paper.objects.get().file.name
        assert default_storage.exists(name)
        Paper.objects.update(edition=_emptied())
    assert drop_papers(worker(world)) == 1
    with brand_scope(world.brand):
        assert not default_storage.exists(name)
        assert not Paper.objects.exists()


def _emptied() -> Edition:
    """As retention leaves one: the table itself lets nobody else do that."""
    first = Edition.objects.get()
    values = {"report": first.report, "ceiling": "shared", "digest": first.digest, "info_class": "shared"}
    return Edition.objects.create(**values, number=2, facts={}, code="0" * 16)


def test_a_file_goes_before_the_words_that_tell_whose_it_is() -> None:
    order = [holder.model for holder in holders()]
    assert order.index(Paper) < order.index(Edition)
