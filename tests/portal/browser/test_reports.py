"""Reports in a real browser: on a telephone and on a desk, let out on a phone, checked by dropping a file, gone back to."""

import os
from base64 import b64encode
from datetime import time, timedelta
from threading import Thread

from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of
from reports.making.actions import (
    annotate_report,
    ask_report,
    hold_report,
    make_report,
    propose_report,
    set_report_rule,
)
from reports.making.models import Report
from reports.making.rules import ReportState, Ruling
from reports.sharing.actions import add_reader, end_share, release_report, share_report
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look, Open
from tests.portal.browser.test_inbox import by_hosts
from tests.reports.making.conftest import WEEK
from tests.world import World

OWNER, CM, MANAGER = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.BRAND_MANAGER
PICTURES = os.environ.get("PICTURES_OF_REPORTS", "")
LONG = "\u202eRapport " + "x" * 70 + " et des mots encore 🎉"


def drawn(world: World, title: str = "", back: int = 0, **more: str) -> Report:
    period = WEEK
    for _ in range(back):
        period = period.before
    report = ask_report(world.cm, kind="weekly", period=period, language="fr", title=title, **more)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return report


def failed(world: World) -> Report:
    month = period_of(PeriodKind.MONTH, WEEK.start, WEEK.zone)
    report = ask_report(world.cm, kind="monthly", period=month, language="fr")
    with brand_scope(world.brand):
        Report.objects.filter(pk=report.pk).update(state=ReportState.FAILED, error="pdf_memory")
    return report


def filled(world: World) -> dict[str, Report]:
    """One in each place, with words that are hard to draw."""
    found = {
        "out": drawn(world, LONG),
        "before": drawn(world, back=1),
        "held": drawn(world, back=2),
        "failed": failed(world),
    }
    found["proposed"] = drawn(world, "À relire", words=LONG)
    found["making"] = ask_report(world.cm, kind="weekly", period=WEEK, language="fr", title="En cours")
    propose_report(world.cm, report_id=found["proposed"].pk, note=f"{LONG} {LONG}")
    annotate_report(world.owner, report_id=found["held"].pk, text=LONG)
    hold_report(world.owner, report_id=found["held"].pk)
    set_report_rule(
        world.owner,
        ruling=Ruling(
            kind="weekly",
            rhythm="weekly",
            at=time(8),
            outside_allowed=True,
            addresses=["une.adresse.tres.longue.pour.un.telephone@cabinet-de-conseil.example"],
        ),
    )
    add_reader(world.owner, report_id=found["out"].pk, address="une.adresse.tres.longue@cabinet-de-conseil.example")
    for one in ("out", "before"):
        release_report(world.owner, report_id=found[one].pk)
    share_report(world.owner, report_id=found["out"].pk, recipient=LONG, password="douze mots de passe")
    return found


def test_pages_of_reports(world: World, site: str, look: Look) -> None:
    brand = by_hosts(world, site)
    empty = [brand + "/reports/", brand + "/reports/?state=held", f"{site}/brands/reports", f"{site}/brands/reports"]
    assert look(world.people[OWNER], empty, pictures=PICTURES and f"{PICTURES}/empty") == {}
    found = filled(world)
    of = [brand + f"/reports/{report.pk}/" for report in found.values() for _ in range(2)]
    paths = ("/reports/", "/reports/", "/reports/new", "/reports/new?kind=custom", "/verify", "/verify")
    lists = [brand + path for path in paths]
    rules = [brand + path for path in ("/reports/rules", "/reports/rules", "/reports/rules?kind=press")]
    compare = [brand + f"/reports/{found['out'].pk}/compare"] * 2
    hub = [f"{site}/brands/reports", f"{site}/brands/reports", f"{site}/brands/reports?box=due"]
    pages = [*of, *lists, *rules, *compare, *hub]
    assert look(world.people[OWNER], pages, pictures=PICTURES and f"{PICTURES}/owner") == {}
    assert look(world.people[CM], [*of, *lists[:4], *hub], pictures=PICTURES and f"{PICTURES}/agency") == {}


def test_a_manager_of_the_brand_lets_one_out_on_a_phone(world: World, site: str, open_as: Open) -> None:
    report = drawn(world, "Notre semaine")
    propose_report(world.cm, report_id=report.pk, note="Bonne lecture.")
    page = open_as(world.people[MANAGER], "fr", 390).new_page()
    page.goto(f"{by_hosts(world, site)}/reports/")
    page.get_by_role("link", name="Notre semaine").first.click()
    page.get_by_text("Bonne lecture.").wait_for()
    button = page.locator("button[value=release]")
    to_press = (
        "button[value=release], button[value=hold], .report-acts form[action$='report.pdf'] button, .report-acts a"
    )
    found = [page.locator(to_press).nth(n).bounding_box() for n in range(page.locator(to_press).count())]
    assert len(found) == 6, "release, hold, the PDF, a word beside it, who gets it, another one to compare with"
    for box in found:
        assert box is not None and box["height"] >= 36 and box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] < 788, (
            "what is to be pressed stands on the first screen, above the bar of the phone"
        )
    assert not page.locator("#annotate").is_visible()
    page.locator(".report-acts a[href='#annotate']").click()
    assert page.locator("#text").is_visible()
    button.click()
    page.wait_for_load_state()
    with brand_scope(world.brand):
        assert Report.objects.get(pk=report.pk).state == ReportState.RELEASED


def test_an_address_opens_the_section_it_leads_into_and_paper_has_them_all(
    world: World, site: str, open_as: Open
) -> None:
    page = open_as(world.people[MANAGER], "fr", 390).new_page()
    page.goto(f"{by_hosts(world, site)}/figures/?view=month&period=2026-10#s-brakes")
    assert page.locator("#s-brakes").is_visible() and not page.locator("#s-members").is_visible()
    page.get_by_text("Aller à une section").click()
    page.locator(".jump a[href='#s-members']").click()
    assert page.locator("#s-members").is_visible()
    folded = page.locator(".fold:not([open])").count()
    assert folded > 3
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".fold:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".fold:not([open])").count() == folded
    page.locator("[data-open-folds]").click()
    assert page.locator(".fold:not([open])").count() == 0


def test_the_builder_asks_anew_when_another_kind_is_chosen(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[CM], "en", 1280).new_page()
    page.goto(f"{by_hosts(world, site)}/reports/new")
    page.locator("#preview .report-document").wait_for()
    assert page.locator("#since").count() == 0
    page.select_option("#kind", "custom")
    page.locator("#of-kind #since").wait_for(state="attached")
    assert not page.locator("#since").is_visible()
    page.select_option("#period", "own")
    assert page.locator("#since").is_visible()
    page.locator("#preview .notice-wait").wait_for()
    page.fill("#since", "2026-11-02")
    page.fill("#until", "2026-11-10")
    page.locator("#preview .report-document").wait_for()
    assert page.locator("#kind").input_value() == "custom"


def test_without_script_the_preview_brings_the_form_along(world: World, site: str, open_as: Open) -> None:
    window = open_as(world.people[CM], "en", 390)
    page = window.browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}).new_page()  # type: ignore[union-attr]
    page.context.add_cookies(window.cookies())  # type: ignore[arg-type]
    page.goto(f"{by_hosts(world, site)}/reports/new")
    page.select_option("#kind", "monthly")
    page.locator("#builder button[formaction]").click()
    page.locator("#preview .report-document").wait_for()
    assert page.locator("label[for=period]").inner_text() == "Month"
    page.context.close()


def dropped(page: Page, content: bytes) -> None:
    """A file falls on the ground of the form."""
    page.evaluate(
        """([content]) => {
            const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], "rapport.pdf", { type: "application/pdf" }));
            const ground = document.querySelector("[data-drop]");
            for (const name of ["dragenter", "dragover", "drop"])
                ground.dispatchEvent(new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true }));
        }""",
        [b64encode(content).decode()],
    )


def test_a_file_that_is_dropped_is_checked(world: World, site: str, open_as: Open) -> None:
    page = open_as(None, "en", 1280).new_page()
    page.goto(f"{by_hosts(world, site)}/verify")
    assert page.locator("[data-drop-hint]").is_visible()
    assert page.locator("label.button[for=file]").inner_text() == "Choose a PDF"
    page.set_input_files("#file", {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    assert page.locator("[data-file-name]").inner_text() == "rapport.pdf"
    with page.expect_navigation():
        dropped(page, b"no pdf at all")
    assert "not known here" in page.content()


def test_going_back_after_the_end_shows_nothing(world: World, site: str, open_as: Open) -> None:
    report = drawn(world, "Notre semaine")
    release_report(world.owner, report_id=report.pk)
    made = share_report(world.owner, report_id=report.pk, recipient="Me Blanc")
    page = open_as(None, "en", 390).new_page()
    page.goto(f"{by_hosts(world, site)}/s/#{made.token}")
    page.get_by_role("button").first.press("Enter")
    page.locator(".report-document").wait_for()
    page.goto(f"{by_hosts(world, site)}/verify")

    def end() -> None:
        end_share(world.owner, share_id=made.share.pk)
        connections.close_all()

    ended = Thread(target=end)
    ended.start()
    ended.join()
    page.go_back()
    page.get_by_text("leads nowhere").wait_for()
    assert page.locator(".report-document").count() == 0
    assert made.share.link.expires_at > timezone.now() + timedelta(days=1)
