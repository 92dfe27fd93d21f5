"""What is wrong with one page: what axe finds, errors in the console, a page wider than the screen, another language."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (390, 1280)
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { if (!d.dataset.menu) d.open = true })"


class Watched:
    """A window that goes from page to page, and remembers what its console said of each."""

    def __init__(self, page: Page, language: str, width: int) -> None:
        self.page, self.language, self.width = page, language, width
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def faults_at(self, url: str) -> list[str]:
        """Everything, and sideways scrolling at both widths. A page that is not there says so in the console: no fault."""
        self.said.clear()
        self.page.goto(url)
        self.page.evaluate(OPEN_ALL)
        found = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(self.page).response["violations"]]
        found += [text for text in self.said if "404 (Not Found)" not in text]
        if (language := self.page.get_attribute("html", "lang")) != self.language:
            found.append(f"in {language}, not in {self.language}")
        return found + self._too_wide()

    def _too_wide(self) -> list[str]:
        found = []
        for width in sorted(WIDTHS, key=lambda one: one == self.width):  # its own last: so it stays
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
            found += [f"{wide} pixels wide on a screen of {width}"] if wide > width else []
        return found


def faults_of(page: Page, url: str, width: int) -> list[str]:
    """The same for a page that a test has opened for something else, in whatever language it is."""
    watched = Watched(page, "", width)
    return [fault for fault in watched.faults_at(url) if not fault.startswith("in ")]
