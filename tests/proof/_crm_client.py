"""A customer system as short as one can be: what docs/recipes/connect-a-crm.md shows, in plain Python over real HTTP."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


@dataclass
class GenericCrm:
    """Its tables are lists. `url` and `host` say where Relais is, `key` is the brand's."""

    url: str
    host: str
    key: str
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    leads: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    name: str = "a client of sixty lines"

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {
            "Host": self.host,
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def take_contacts(self) -> int:
        """Whoever is offered is taken in, and claimed under a number of our own."""
        status, page = self.ask("GET", "contacts?offered=yes")
        assert status == 200, page
        for row in page["data"]:
            self.write_contact(row["fields"]["name"], row["fields"]["email"], claims=row["id"])
        return len(page["data"])

    def write_contact(self, name: str, email: str, number: str = "", claims: str = "") -> str:
        number = number or str(len(self.contacts) + 1)
        self.contacts[number] = {"name": name, "email": email}
        body: dict[str, Any] = {"fields": self.contacts[number]} | ({"claims": claims} if claims else {})
        status, told = self.ask("PUT", f"contacts/external/{number}", body)
        assert status in (200, 201), told
        return number

    def take_leads(self) -> int:
        status, page = self.ask("GET", "tickets?state=waiting")
        assert status == 200, page
        for row in page["data"]:
            self.leads[row["id"]] = row
        return len(page["data"])

    def answer_lead(self, state: str, answer: str) -> None:
        for place, one in enumerate(self.leads, 1):
            body = {"state": state, "external_id": f"L-{place}", "said": answer}
            status, told = self.ask("POST", f"tickets/{one}/tell", body)
            assert status == 200, told

    def take_approvals(self) -> int:
        status, page = self.ask("GET", "approvals?state=waiting")
        assert status == 200, page
        self.waiting = page["data"]
        return len(self.waiting)

    def approve(self) -> None:
        for one in self.waiting:
            status, told = self.ask("POST", f"approvals/{one['id']}/approve", {"digest": one["digest"]})
            assert status == 200, told

    def bring_many(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Up to a thousand contacts at once."""
        status, told = self.ask("POST", "contacts/bulk/upsert", {"rows": rows})
        assert status == 200, told
        results: list[dict[str, Any]] = told["results"]
        return results
