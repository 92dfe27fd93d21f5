"""Parts of `make proof` and `make bench`: modules of a folder, found by name and loaded when they run."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Part:
    """One module; its name is written with hyphens outside and underscores inside."""

    name: str
    module: str

    def load(self) -> ModuleType:
        """The module, imported."""
        return import_module(self.module)


def parts_in(path: Iterable[str], package: str) -> dict[str, Part]:
    """Every module of a folder that does not begin with an underscore, in the order of names."""
    found = sorted(module.name for module in iter_modules(path) if not module.name.startswith("_"))
    return {name.replace("_", "-"): Part(name.replace("_", "-"), f"{package}.{name}") for name in found}
