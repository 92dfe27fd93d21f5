"""Every place in the program from which something could leave the machine, found in the syntax trees of its modules.

Looked for: `.send(...)`, `.prepare(...)` and `.find(...)` on anything but a text, the modules of the standard library and
the packages that speak to a network, Django's mail, the one function that opens a line (`egress.open_line`), the one module
that speaks HTTP (`fetch`), connectors imported by name, and imports by a computed name. Each site must stand at a place
that may hold it; a place is a path and says on whose behalf it speaks.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clients.channels.registry import FOLDERS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("clients", "tenants", "portal", "config")
NETWORK = {
    "smtplib", "socket", "http.client", "urllib.request", "ftplib", "imaplib", "poplib", "xmlrpc.client", "requests", "httpx",
    "aiohttp", "urllib3", "websockets", "pycurl", "paramiko", "kombu", "httpx2", "httpcore2",
}  # fmt: skip
SENDING = {"send", "prepare", "find", "self_test", "sendall", "sendto", "sendmail", "send_message"}
DYNAMIC = {"import_module", "__import__"}
MAIL = {"send_mail", "send_mass_mail", "EmailMultiAlternatives", "mail_admins", "mail_managers"}
CONNECTORS = tuple(FOLDERS.values())
FETCH = "clients.channels.fetch"

# What kind of site may stand where. The longest prefix that fits counts.
MAY_STAND: dict[str, set[str]] = {
    # The gate: the only caller of a port.
    "clients/gate/actions/sending.py": {"call"},
    "clients/gate/actions/finding.py": {"call"},
    "clients/gate/actions/performing.py": {"call"},
    "clients/gate/actions/trying.py": {"call"},
    # Behind the port, never reached but through it.
    "clients/channels/delivery.py": {"call"},
    "clients/channels/registry.py": {"dynamic"},
    "clients/channels/egress.py": {"network"},
    # Reading a mailbox: no act.
    "clients/channels/imap.py": {"network", "line"},
    "clients/channels/smtp/": {"network", "call", "line"},
    "clients/channels/fetch.py": {"network", "call", "line"},
    # Tokens for the brand's account: asked of its network, and no act.
    "clients/channels/oauth.py": {"fetch"},
    # What the connectors of Meta's networks share.
    "clients/channels/graph.py": {"fetch"},
    **{f"{folder.replace('.', '/')}/": {"connector", "fetch"} for folder in FOLDERS.values()},
    # What sources read: they ask through the same doors as the connectors, and act through none.
    "clients/sources/kinds/": {"fetch", "connector"},
    # What happened, told to programs that the brand's owner let in, through the ledger of disclosures: no act on a network.
    "clients/webhooks/actions/delivering.py": {"fetch"},
    # Letters of the house to its own people (notices, invitations, sign-in): no act in the brand's name.
    "portal/mail.py": {"mail", "call", "network"},
    "portal/adapter.py": {"mail", "network"},
    # Our own broker, by the names of its errors.
    "clients/outbox/management/commands/relay.py": {"network"},
    "config/lost_lines.py": {"network"},
    # Runs on the brand's own computer and looks for bytes in bytes; an import of a network is still no site that may stand.
    "clients/audit/verifier/verify.py": {"call"},
    # This machine's own services, started by `make run`.
    "config/embedded/": {"network", "call"},
    "config/management/commands/serve.py": {"network", "call"},
}


@dataclass(frozen=True, slots=True)
class Site:
    """One place: which file and line, what kind, and the words that stand there."""

    path: str
    line: int
    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.kind}: {self.words}"


def count() -> tuple[list[Site], list[Site]]:
    """All sites, and those that stand where none may."""
    sites = [site for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) for site in _sites(path)]
    return sites, [site for site in sites if site.kind not in _allowed(site.path)]


def _allowed(path: str) -> set[str]:
    fitting = [place for place in MAY_STAND if path.startswith(place)]
    return MAY_STAND[max(fitting, key=len)] if fitting else set()


def _sites(path: Path) -> Iterator[Site]:
    tree, name = ast.parse(path.read_text()), str(path.relative_to(ROOT))
    for node in ast.walk(tree):
        for kind in _kinds(node):
            yield Site(name, node.lineno, kind, ast.unparse(node)[:80])  # type: ignore[attr-defined]


def _kinds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _kinds_of_import(node)
    elif isinstance(node, ast.Call):
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if isinstance(called, ast.Attribute) and name in SENDING and not _looks_in_a_text(node):
            yield "call"
        if name in MAIL:
            yield "mail"
        if name == "open_line":
            yield "line"
        if name in DYNAMIC:
            yield "dynamic"
    elif isinstance(node, ast.Attribute) and node.attr == "_connector" and isinstance(node.ctx, ast.Load):
        yield "call"


def _looks_in_a_text(call: ast.Call) -> bool:
    """`text.find("x")`: nothing that stands for an act is a constant text."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)


def _kinds_of_import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    module = getattr(node, "module", None) or ""
    names = {f"{module}.{alias.name}".lstrip(".") for alias in node.names} | {module}
    if any(name == known or name.startswith(f"{known}.") for name in names for known in NETWORK):
        yield "network"
    if FETCH in names:
        yield "fetch"
    if any(name.startswith(connector) for name in names for connector in CONNECTORS):
        yield "connector"
