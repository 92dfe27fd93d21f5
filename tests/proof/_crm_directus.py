"""The same acts, done by a real Directus: whoever works there writes rows, and its flows do the rest."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.systems.directus import VERSION, Site, SystemFailed, ask
from tests.systems.directus_flows import Relais, draw


@dataclass
class DirectusCrm:
    """`flows` are those that a schedule would start."""

    site: Site
    flows: dict[str, str]
    name: str = f"Directus {VERSION}"

    @classmethod
    def begin(cls, site: Site, relais: Relais) -> "DirectusCrm":
        return cls(site, draw(site, relais))

    def _rows(self, collection: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.site.ask("GET", f"items/{collection}?limit=-1&sort=id")
        return found

    def _fetch(self, what: str) -> int:
        """How many there are, once the flow has run; what came before is not brought again."""
        if not self._rows(what):
            ask(f"{self.site.url}/flows/trigger/{self.flows[what]}", "GET", token=self.site.token)
        return len(self._rows(what))

    def take_contacts(self) -> int:
        return self._fetch("contacts")

    def write_contact(self, name: str, email: str, number: str = "", claims: str = "") -> str:
        row = {"name": name, "email": email}
        if number:
            self.site.ask("PATCH", f"items/contacts/{number}", row)
            return number
        return str(self.site.ask("POST", "items/contacts", row)["id"])

    def take_leads(self) -> int:
        return self._fetch("leads")

    def answer_lead(self, state: str, answer: str) -> None:
        for row in self._rows("leads"):
            self.site.ask("PATCH", f"items/leads/{row['id']}", {"state": state, "answer": answer})

    def take_approvals(self) -> int:
        return self._fetch("approvals")

    def approve(self) -> None:
        for row in self._rows("approvals"):
            self.site.ask("PATCH", f"items/approvals/{row['id']}", {"decision": "approve"})


def until(what: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Flows of Directus run after its own answer: whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.2)
    return False


__all__ = ["DirectusCrm", "SystemFailed", "until"]
