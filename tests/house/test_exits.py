"""Nothing leaves except through the gate: who may open a connection, who may call a connector, who may import by name."""

import ast

from tests.house.sources import Source, sources

WAYS_OUT = (
    "httpx", "requests", "aiohttp", "urllib3", "urllib.request", "http.client", "smtplib", "imaplib", "ftplib", "poplib",
    "telnetlib", "socket", "ssl", "asyncio", "websockets", "paramiko", "django.core.mail", "subprocess", "xmlrpc",
    "httpx2", "httpcore2",
)  # fmt: skip
# Relais's own post (invitations, notices to its own people): one module, named here.
OWN_POST = {"portal/mail.py"}
# A process and its own children on the same machine, over a pair of sockets that has no address: decision 29.
OWN_CHILDREN = {"reports/rendering/forking.py", "reports/rendering/frames.py", "reports/rendering/printer.py"}
CONNECTORS = "clients/channels"
NOT_THE_CHANNELS_THEMSELVES = (
    "clients/channels/models.py",
    "clients/channels/actions.py",
    "clients/channels/queries.py",
)
# Services of one's own machine, on loopback; the starter is not part of what production runs.
STARTER = "config/embedded"
DYNAMIC = ("importlib.import_module", "import_module", "__import__", "import_string", "exec", "eval")


def ways_out(source: Source) -> set[str]:
    """The modules a file imports by which something could leave."""
    return {name for name in source.imports if any(name == way or name.startswith(f"{way}.") for way in WAYS_OUT)}


def may_leave(source: Source) -> bool:
    if source.in_package(CONNECTORS):
        return source.name not in NOT_THE_CHANNELS_THEMSELVES
    return source.in_package(STARTER)


def unexplained(source: Source) -> set[str]:
    found = set() if may_leave(source) else ways_out(source)
    if source.name in OWN_POST:
        found = {name for name in found if not name.startswith(("django.core.mail", "smtplib"))}
    return found - {"socket", "subprocess"} if source.name in OWN_CHILDREN else found


def test_no_way_out_but_connectors() -> None:
    assert {source.name: found for source in sources() if (found := unexplained(source))} == {}


def test_children_have_no_address() -> None:
    own = [source for source in sources() if source.name in OWN_CHILDREN]
    addressed = ("connect", "connect_ex", "create_connection", "bind", "create_server", "sendto", "getaddrinfo")
    assert {source.name for source in own} == OWN_CHILDREN
    assert [call for source in own for call in calls(source, *addressed)] == []


def calls(source: Source, *names: str) -> list[str]:
    """Calls of one of these names, plain or as the last word of a dotted one."""
    return [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") in names or getattr(node.func, "id", "") in names)
    ]


def test_only_the_gate_sends() -> None:
    """`send` is the word of the port: outside the channels themselves exactly one file says it, besides our own post."""
    places = [source for source in sources() if not source.in_package(CONNECTORS, STARTER)]
    assert {source.name for source in places if calls(source, "send")} - OWN_POST == {"clients/gate/actions/sending.py"}


def test_only_the_gate_tests_a_channel() -> None:
    """A test leaves the house as well: decision 0010."""
    places = [source for source in sources() if not source.in_package(CONNECTORS)]
    assert {source.name for source in places if calls(source, "self_test")} == {"clients/gate/actions/trying.py"}


def test_only_the_registry_imports_by_name() -> None:
    found = {source.name for source in sources() if calls(source, *DYNAMIC)}
    assert found <= {"clients/channels/registry.py"}


def test_no_signals_and_nothing_in_save() -> None:
    """What happens is written where it happens: no receivers, no overridden save."""
    listeners = {s.name for s in sources() if any(n.startswith("django.db.models.signals") for n in s.imports)}
    savers = {
        f"{source.name}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef) and node.name == "save" and source.path.name == "models.py"
    }
    assert listeners | savers == set()
