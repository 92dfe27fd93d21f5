"""The files that the rules of the house read: what git tracks, plus what is about to be added."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("clients", "reports", "tenants", "portal", "api", "config")


@dataclass(frozen=True)
class Source:
    """One Python file of the program: not a test, not a migration."""

    path: Path

    @cached_property
    def name(self) -> str:
        """Where it is, from the root of the project."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """What it says."""
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text)

    @property
    def imports(self) -> set[str]:
        """Every module it imports, wherever in the file; `from a import b` counts as `a` and `a.b`."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found

    def in_package(self, *folders: str) -> bool:
        """Whether it lies in one of these folders."""
        return any(self.name.startswith(f"{folder}/") for folder in folders)


@cache
def files() -> tuple[Path, ...]:
    """All files of the project that git knows or would know."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


@cache
def sources() -> tuple[Source, ...]:
    """The program, without tests and migrations."""
    python = (path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES)
    return tuple(Source(path) for path in python if "migrations" not in path.parts)


@cache
def features() -> tuple[str, ...]:
    """The packages inside `clients`."""
    return tuple(sorted(folder.name for folder in (ROOT / "clients").iterdir() if (folder / "__init__.py").exists()))
