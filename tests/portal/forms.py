"""What the forms of a page hold: by the name of each control, what it would send, and what is said beside it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Forms(HTMLParser):
    """`held`: values by the name of the control. `said`: the words of elements with an id, by that id; `marks`: which control
    is described by which of them."""

    held: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._select, self._area, self._into = "", "", ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        name = at.get("name", "")
        if tag == "input" and name and (at.get("type") not in {"checkbox", "radio"} or "checked" in at):
            self.held.setdefault(name, []).append(at.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in at:
            self.held.setdefault(self._select, []).append(at.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.held.setdefault(name, []).append("")
        if "aria-describedby" in at:
            self.marks.setdefault(at["aria-describedby"], []).append(name or at.get("id", tag))
        if tag == "p" and at.get("id"):
            self._into = at["id"]
            self.said[self._into] = ""

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area
        self._into = "" if tag == "p" else self._into

    def handle_data(self, data: str) -> None:
        if self._area:
            self.held[self._area][-1] += data
        if self._into:
            self.said[self._into] = (self.said[self._into] + data).strip()


def forms_of(page: str) -> Forms:
    found = Forms()
    found.feed(page)
    return found
