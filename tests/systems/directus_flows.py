"""What a brand's people draw in Directus so that it works with Relais: three collections, and a flow for whatever passes.

Each flow is what docs/recipes/connect-directus.md describes. `relais` is the address of the brand's host, `key` its key.
"""

from dataclasses import dataclass
from typing import Any

from tests.systems.directus import Site

FIELDS: dict[str, tuple[str, ...]] = {
    "contacts": ("name", "email", "phone", "relais"),
    "leads": ("relais", "kind", "title", "text", "state", "answer", "contact"),
    "approvals": ("relais", "digest", "title", "text", "decision"),
}


@dataclass(frozen=True, slots=True)
class Relais:
    """Where Relais is, how it is called there, and by which key."""

    url: str
    host: str
    key: str

    @property
    def headers(self) -> list[dict[str, str]]:
        return [
            {"header": "Host", "value": self.host},
            {"header": "Authorization", "value": f"Bearer {self.key}"},
            {"header": "Content-Type", "value": "application/json"},
        ]


def draw(site: Site, relais: Relais) -> dict[str, str]:
    """Collections and flows; by name, the ids of the flows that are started by hand here and by a schedule in life."""
    for name, fields in FIELDS.items():
        site.ask("POST", "collections", {"collection": name, "schema": {}, "meta": {}, "fields": _columns(fields)})
    contacts = {"type": "action", "scope": ["items.create", "items.update"], "collections": ["contacts"]}
    _flow(site, "contacts to Relais", "event", contacts, _contact_out(relais))
    leads = {"type": "action", "scope": ["items.update"], "collections": ["leads"]}
    _flow(site, "leads back to Relais", "event", leads, _lead_back(relais))
    approvals = {"type": "action", "scope": ["items.update"], "collections": ["approvals"]}
    _flow(site, "approvals to Relais", "event", approvals, _approval_out(relais))
    # Without a licence it runs five flows: what waits for somebody comes in by one.
    waiting = _flow(site, "what waits in Relais", "webhook", _BY_HAND, [*_leads_in(relais), *_approvals_in(relais)])
    return {
        "contacts": _flow(site, "contacts from Relais", "webhook", _BY_HAND, _contacts_in(relais)),
        "leads": waiting,
        "approvals": waiting,
    }


_BY_HAND = {"method": "GET", "async": False, "return": "$last", "cache_enabled": False}


def _columns(names: tuple[str, ...]) -> list[dict[str, Any]]:
    key = {"field": "id", "type": "integer", "schema": {"is_primary_key": True, "has_auto_increment": True}, "meta": {}}
    return [key, *({"field": name, "type": "text", "schema": {}, "meta": {}} for name in names)]


def _flow(site: Site, name: str, trigger: str, options: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    """The steps one after the other."""
    flow = site.ask("POST", "flows", {"name": name, "status": "active", "trigger": trigger, "accountability": "all",
                                      "options": options})  # fmt: skip
    following = None
    for place, step in reversed(list(enumerate(steps))):
        body = step | {"flow": flow["id"], "name": step["key"], "position_x": 20 * (place + 1), "position_y": 1}
        following = site.ask("POST", "operations", body | ({"resolve": following} if following else {}))["id"]
    site.ask("PATCH", f"flows/{flow['id']}", {"operation": following})
    return str(flow["id"])


def _request(key: str, relais: Relais, method: str, path: str, body: str = "") -> dict[str, Any]:
    options = {"url": f"{relais.url}/api/v1/{path}", "method": method, "headers": relais.headers}
    return {"key": key, "type": "request", "options": options | ({"body": body} if body else {})}


def _script(key: str, code: str) -> dict[str, Any]:
    return {"key": key, "type": "exec", "options": {"code": f"module.exports = async function(data) {{ {code} }}"}}


def _make(collection: str, payload: str, key: str = "make") -> dict[str, Any]:
    options = {"collection": collection, "payload": payload, "permissions": "$full", "emitEvents": False}
    return {"key": key, "type": "item-create", "options": options}


def _read(collection: str) -> dict[str, Any]:
    options = {"collection": collection, "key": "{{ asked.id }}", "permissions": "$full", "emitEvents": False}
    return {"key": "row", "type": "item-read", "options": options}


_ASKED = _script("asked", "const t = data.$trigger; return { id: [String(t.key ?? t.keys[0])] };")


def _contact_out(relais: Relais) -> list[dict[str, Any]]:
    """Somebody wrote or changed a contact: it is brought to Relais by its number here; what was offered is claimed."""
    say = _script(
        "say",
        "const r = Array.isArray(data.row) ? data.row[0] : data.row;"
        "const fields = { name: r.name, email: r.email ?? '', phone: r.phone ?? '' };"
        "return { id: r.id, body: JSON.stringify(r.relais ? { fields, claims: r.relais } : { fields }) };",
    )
    put = _request("put", relais, "PUT", "contacts/external/{{ say.id }}", "{{ say.body }}")
    return [_ASKED, _read("contacts"), say, put]


def _contacts_in(relais: Relais) -> list[dict[str, Any]]:
    """Whoever Relais offers becomes a contact here; the flow above then claims them under their number."""
    rows = _script(
        "rows",
        "return data.get.data.data.map(c => ({ relais: c.id, name: c.fields.name, email: c.fields.email || null }));",
    )
    make = _make("contacts", "{{ rows }}")
    make["options"]["emitEvents"] = True
    return [_request("get", relais, "GET", "contacts?offered=yes"), rows, make]


def _leads_in(relais: Relais) -> list[dict[str, Any]]:
    """What waits for this system, and a word that it was taken in."""
    rows = _script(
        "leads",
        "return data.tickets.data.data.map(t => ({ relais: t.id, kind: t.kind, title: t.title, text: t.text,"
        " contact: t.contact, state: 'new' }));",
    )
    return [_request("tickets", relais, "GET", "tickets?state=waiting"), rows, _make("leads", "{{ leads }}", "taken")]


def _lead_back(relais: Relais) -> list[dict[str, Any]]:
    """Its state and its answer go back to the conversation."""
    say = _script(
        "say",
        "const r = Array.isArray(data.row) ? data.row[0] : data.row;"
        "return { id: r.relais, body: JSON.stringify({ state: r.state, external_id: 'L-' + r.id,"
        " said: r.answer ?? '' }) };",
    )
    tell = _request("tell", relais, "POST", "tickets/{{ say.id }}/tell", "{{ say.body }}")
    return [_ASKED, _read("leads"), say, tell]


def _approvals_in(relais: Relais) -> list[dict[str, Any]]:
    """What waits for the brand's word."""
    rows = _script(
        "items",
        "return data.waiting.data.data.map(i => ({ relais: i.id, digest: i.digest, title: i.title, text: i.text }));",
    )
    return [_request("waiting", relais, "GET", "approvals?state=waiting"), rows, _make("approvals", "{{ items }}")]


def _approval_out(relais: Relais) -> list[dict[str, Any]]:
    """The word of somebody who works in Directus, on exactly the content that was read."""
    say = _script(
        "say",
        "const r = Array.isArray(data.row) ? data.row[0] : data.row;"
        "return { id: r.relais, act: r.decision, body: JSON.stringify({ digest: r.digest }) };",
    )
    act = _request("act", relais, "POST", "approvals/{{ say.id }}/{{ say.act }}", "{{ say.body }}")
    return [_ASKED, _read("approvals"), say, act]
