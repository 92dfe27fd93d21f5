"""Which codes the program can answer with, and under which status: read out of its own source, so that none is forgotten.

`manage.py document` writes what is found to `codes.json`, from which the page is drawn: a running server reads no source.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path(__file__).with_name("codes.json")
PACKAGES = ("clients", "reports", "tenants", "api")
HOUSE = {"Refused": 403, "Missing": 404, "Conflict": 409, "Invalid": 422}
NOT_HERE = ("management", "migrations", "embedded", "keeping")
# Told to operators by their commands and to workers, which no request meets.
OF_OPERATORS = frozenset(
    {
        *("backup_differs", "backup_key", "backup_unreadable", "brand_is_there", "brand_not_closing", "log_is_another"),
        *(
            "login_is_owner",
            "owner_needed",
            "passphrase_short",
            "postgresql_too_old",
            "release_unknown",
            "task_inside_scope",
        ),
        "task_without_brand",
    }
)


def codes() -> dict[str, list[int]]:
    """By code: the statuses it comes with."""
    found: dict[str, set[int]] = defaultdict(set)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not set(path.parts) & set(NOT_HERE):
                for code, status in _raised(ast.parse(path.read_text())):
                    found[code].add(status)
    return {code: sorted(statuses) for code, statuses in sorted(found.items()) if code not in OF_OPERATORS}


def as_json() -> str:
    return json.dumps(codes(), indent=1) + "\n"


def known() -> dict[str, list[int]]:
    """The same, as it was written down."""
    found: dict[str, list[int]] = json.loads(PLACE.read_text())
    return found


def _raised(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if name in HOUSE and words and isinstance(words[0], str):
            yield words[0], HOUSE[name]
        elif name == "Problem" and len(words) > 1 and isinstance(words[0], int) and isinstance(words[1], str):
            yield words[1], words[0]
        elif name in {"Fault", "RowProblem"} and len(words) > 1 and isinstance(words[1], str):
            yield words[1], 422
