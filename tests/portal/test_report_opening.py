"""The figures of a report opened down to their rows, of whatever days it tells, by who may see them."""

import re
from datetime import date, timedelta
from html import unescape

import time_machine

from clients.autonomy.vocabulary import EntryPoint
from clients.mentions.models import Mention
from clients.people.actor import process_of
from reports.facts.periods import period_between
from reports.making.actions import ask_report, make_report
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_reports import url
from tests.triage.conftest import said
from tests.world import World


def test_each_figure_of_some_days_opens_to_the_rows_that_its_reader_may_see(world: World, browse: Browse) -> None:
    days = period_between(date(2027, 1, 5), date(2027, 1, 9), world.brand.time_zone)
    for subject, info_class in (("Pour tous", "shared"), ("Pour tous aussi", "shared"), ("Pour la marque", "brand")):
        said(world.brand, subject, title=subject, info_class=info_class, found_at=days.since + timedelta(hours=1))
    said(world.brand, "Plus tard", title="Plus tard", found_at=days.until)
    with time_machine.travel(days.until + timedelta(days=1)):
        report = ask_report(world.cm, kind="custom", sections=("talk",), period=days, language="en")
        make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
        owner, cm = (browse(world.people[role], world.brand) for role in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER))
        page = unescape(cm.get(url("report", report.pk)).content.decode())
        address = f"{url('report_rows', report.pk)}?figure=mentions.found"
        assert re.search(rf'data-figure="mentions.found".*?href="{re.escape(address)}"', page, re.DOTALL)
        (hers, theirs) = (unescape(one.get(address).content.decode()) for one in (cm, owner))
        assert (hers.count("data-row"), theirs.count("data-row")) == (2, 3)
        assert (
            "1 more is above what you may read" in hers and "Pour la marque" not in hers and "Plus tard" not in theirs
        )
        assert "The report was made from" not in hers + theirs
        for key in ("", "acts.done", "mentions.found;medium=none"):
            assert cm.get(url("report_rows", report.pk), {"figure": key}).status_code == 404
        contact = browse(world.people[Role.DEPARTMENT_CONTACT], world.brand)
        assert contact.get(address).status_code == 403
        with brand_scope(world.brand):
            Mention.objects.filter(title="Pour tous aussi").update(info_class="brand")
        later = unescape(cm.get(address).content.decode())
        assert later.count("data-row") == 1 and "The report was made from 2 rows that you may read" in later
