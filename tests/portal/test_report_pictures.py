"""Pictures of a report: on its page and on that of its link, each with its description once, for its readers alone."""

import re
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from clients.autonomy.vocabulary import EntryPoint
from clients.items.actions import add_media
from clients.items.content import MediaRef
from clients.items.models import Media, MediaClass
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of, today
from reports.making.actions import ask_report, make_report
from reports.making.models import Report
from reports.sharing.actions import end_share, release_report
from reports.sharing.models import Share
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_reports import door, url
from tests.world import World

ALT = "Un étal de fraises"


def stored(world: World, colour: str) -> Media:
    out = BytesIO()
    Image.new("RGB", (24, 16), colour).save(out, "PNG")
    return add_media(world.cm, data=out.getvalue(), declared="image/png")


@pytest.fixture
def media(world: World) -> Media:
    """What went out today with its description."""
    found = stored(world, "red")
    world.charter(6)
    world.submitted(media=(MediaRef(found.digest, ALT),))
    world.run_outbox("gate.send")
    return found


@pytest.fixture
def report(world: World, media: Media) -> Report:
    zone = world.brand.time_zone
    week = period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone)
    found = ask_report(world.cm, kind="custom", sections=("pictures",), period=week, language="fr")
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=found.pk)
    return found


def test_whoever_reads_the_report_sees_its_pictures_and_no_others(
    world: World, browse: Browse, report: Report, media: Media
) -> None:
    other, owner = stored(world, "blue"), browse(world.people[Role.BRAND_OWNER], world.brand)
    page = owner.get(url("report", report.pk)).content.decode()
    address = url("report_picture", report.pk, media.digest)
    assert re.findall(r'<img src="([^"]*)" alt="([^"]*)"', page) == [(address, ALT)]
    assert page.count(ALT) == 1
    answer = owner.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    for digest in (other.digest, "0" * 64):
        assert owner.get(url("report_picture", report.pk, digest)).status_code == 404
    department = browse(world.people[Role.DEPARTMENT_CONTACT], world.brand)
    assert department.get(address).status_code == 403
    with brand_scope(world.brand):
        MediaClass.objects.filter(media=media).update(info_class="brand")
    assert owner.get(address).status_code == 404


def test_a_link_shows_them_once_it_was_viewed_and_while_it_is_open(
    world: World, browse: Browse, report: Report, media: Media
) -> None:
    release_report(world.owner, report_id=report.pk)
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    typed = {"recipient": "Me Blanc", "days": "7", "views": "3", "password": ""}
    client, there = door(world, browse, owner.post(url("report_share", report.pk), typed).content.decode())
    address = url("report_shared_picture", media.digest)
    assert client.get(address).status_code == 404
    assert f'src="{address}"' in client.get(there).content.decode()
    shown = client.get(address)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    assert client.get(url("report_shared_picture", stored(world, "blue").digest)).status_code == 404
    assert browse(None, world.brand).get(address).status_code == 404
    with brand_scope(world.brand):
        share = Share.objects.get()
    end_share(world.owner, share_id=share.pk)
    assert client.get(address).status_code == 404
