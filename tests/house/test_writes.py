"""Only actions write: rows of a feature are created, changed and deleted by that feature's own actions, steps and tasks.

INVARIANT: an audit entry, a decision and an outbox row belong to every change, and only those modules make them. Calls are read
from the syntax: `.save()`, `.create()` and their like on something that is, or may be, a row of a feature.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import Source, sources

ALWAYS_ROWS = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw_update", "acreate", "asave", "adelete", "aupdate",
    "write_together",
}  # fmt: skip
ON_QUERYSETS = {"create", "update", "delete"}
WRITING_LAYERS = ("actions", "steps", "tasks")
# Each with its reason; a line here is a decision.
EXEMPT = {
    "clients/channels/memory/connector.py": "the wall of the memory channel is the outside world of that channel",
    "clients/channels/media.py": "saves pictures with Pillow, not rows",
    "reports/rendering/pictures.py": "saves pictures with Pillow, not rows",
    "reports/rendering/stamping.py": "saves a document with pikepdf, not a row",
    "portal/demo_past.py": "weeks that are lived through in a minute: their letters are crossed off, not sent today",
    "tenants/walls/stamps.py": "the guard around these very calls",
}


def writes(source: Source) -> Iterator[str]:
    """The calls in a file that write rows."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "add_together":
            yield f"{source.name}:{node.lineno}: {node.func.id}"
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, on = node.func.attr, ast.unparse(node.func.value)
        queried = ".objects" in on or on.endswith((")", "_set"))
        if name in ALWAYS_ROWS or (name in ON_QUERYSETS and queried and not on.startswith("super(")) or name == "save":
            yield f"{source.name}:{node.lineno}: {on}.{name}"


def may_write(source: Source) -> bool:
    """Actions, steps and tasks: a module of that name, or any module of a folder of that name."""
    parts = Path(source.name).with_suffix("").parts
    return any(part in WRITING_LAYERS for part in parts[2:]) or source.name in EXEMPT or source.path.name == "demo.py"


def within(*folders: str) -> list[Source]:
    return [source for source in sources() if source.in_package(*folders) and source.name not in EXEMPT]


def test_only_actions_write() -> None:
    found = [write for source in within("clients", "reports") if not may_write(source) for write in writes(source)]
    assert found == []


def feature_of(module: str) -> str:
    return module.split(".")[1] if module.startswith(("clients.", "reports.")) else ""


def test_nobody_writes_another_features_rows() -> None:
    """A write on a model class must name a model of the writer's own feature."""
    assert [write for source in within("clients", "reports", "portal") for write in on_foreign_classes(source)] == []


def on_foreign_classes(source: Source) -> list[str]:
    own = feature_of(".".join(Path(source.name).with_suffix("").parts))
    foreign = {
        alias.asname or alias.name: node.module
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".models")
        for alias in node.names
        if feature_of(node.module) not in {"", own}
    }
    return [write for write in writes(source) if write.split(": ")[1].split(".")[0].split("(")[0] in foreign]


def models() -> dict[str, str]:
    """The class names of all rows, as a variable would be called, and their features."""
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower(): source.name.split("/")[1]
        for source in sources()
        if source.in_package("clients", "reports") and source.path.name == "models.py"
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
    }


def test_nobody_saves_another_features_row() -> None:
    """`item.save()` outside items: a variable is called after what it holds, and the rule relies on it."""
    owners = models()
    found = [write for source in within("clients", "reports", "portal") for write in on_foreign_rows(source, owners)]
    assert found == []


def on_foreign_rows(source: Source, owners: dict[str, str]) -> list[str]:
    own = feature_of(".".join(Path(source.name).with_suffix("").parts))
    named = [(write, write.split(": ")[1].rpartition(".")[0]) for write in writes(source)]
    return [write for write, variable in named if owners.get(variable, own) != own]


def test_the_rule_sees_writes(tmp_path: Path) -> None:
    text = "Item.objects.filter(x=1).update(state=2)\nitem.save()\ndigest.update(b'')\nItem.objects.create()\nq().delete()\n"
    from tests.house.sources import ROOT

    source = Source(ROOT / "clients" / "items" / "queries.py")
    source.__dict__["tree"] = ast.parse(text)
    assert [found.split(":")[1] for found in writes(source)] == ["1", "2", "4", "5"]
