"""Only actions write: rows of a feature are created, changed and deleted by that feature's own actions, steps and tasks.

INVARIANT: an audit entry, a decision and an outbox row belong to every change, and only those modules make them. Calls are read
from the syntax: `.save()`, `.create()` and their like on something that is, or may be, a row of a feature.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    "source", [s for s in sources() if s.in_package("clients", "reports")], ids=lambda source: source.name
)
def test_only_actions_write(source: Source) -> None:
    assert may_write(source) or list(writes(source)) == []


def feature_of(module: str) -> str:
    return module.split(".")[1] if module.startswith(("clients.", "reports.")) else ""


@pytest.mark.parametrize(
    "source", [s for s in sources() if s.in_package("clients", "reports", "portal")], ids=lambda source: source.name
)
def test_nobody_writes_another_features_rows(source: Source) -> None:
    """A write on a model class must name a model of the writer's own feature."""
    own = feature_of(".".join(Path(source.name).with_suffix("").parts))
    foreign = {
        alias.asname or alias.name: node.module
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".models")
        for alias in node.names
        if feature_of(node.module) not in {"", own}
    }
    guilty = [write for write in writes(source) if write.split(": ")[1].split(".")[0].split("(")[0] in foreign]
    assert guilty == []


def models() -> dict[str, str]:
    """The class names of all rows, as a variable would be called, and their features."""
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower(): source.name.split("/")[1]
        for source in sources()
        if source.in_package("clients", "reports") and source.path.name == "models.py"
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
    }


@pytest.mark.parametrize(
    "source", [s for s in sources() if s.in_package("clients", "reports", "portal")], ids=lambda source: source.name
)
def test_nobody_saves_another_features_row(source: Source) -> None:
    """`item.save()` outside items: a variable is called after what it holds, and the rule relies on it."""
    own, owners = feature_of(".".join(Path(source.name).with_suffix("").parts)), models()
    named = [(write, write.split(": ")[1].rpartition(".")[0]) for write in writes(source)]
    assert [write for write, variable in named if owners.get(variable, own) != own] == []


def test_the_rule_sees_writes(tmp_path: Path) -> None:
    text = "Item.objects.filter(x=1).update(state=2)\nitem.save()\ndigest.update(b'')\nItem.objects.create()\nq().delete()\n"
    from tests.house.sources import ROOT

    source = Source(ROOT / "clients" / "items" / "queries.py")
    source.__dict__["tree"] = ast.parse(text)
    assert [found.split(":")[1] for found in writes(source)] == ["1", "2", "4", "5"]
