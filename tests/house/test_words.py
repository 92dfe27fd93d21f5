"""What files are called, and what no file may say."""

import ast
import re

from tests.house.sources import ROOT, files, sources

# Names that say nothing, so that everything ends up in them.
NAMELESS = {"utils", "helpers", "misc", "manager", "base", "common"}
# Django looks for the module `base` of a database backend by that name.
GIVEN_BY_DJANGO = {"tenants/walls/backend/base.py"}

# Written in pieces, so that this file passes its own rule.
MACHINE_PATHS = re.compile("/" + r"(work|root)/\w")
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "proxy" + r"\.golang"))
)
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".html",
    ".txt",
    ".css",
    ".js",
    ".po",
    ".sql",
    ".json",
    ".yml",
    ".yaml",
    ".svg",
    "",
}


def test_no_file_is_nameless() -> None:
    named = {path.relative_to(ROOT).as_posix() for path in files() if path.stem in NAMELESS and path.suffix == ".py"}
    assert named - GIVEN_BY_DJANGO == set()


def test_every_module_says_why_it_exists() -> None:
    silent = [source.name for source in sources() if source.text.strip() and not ast.get_docstring(source.tree)]
    assert silent == []


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if MACHINE_PATHS.search(line) or REGISTRIES.search(line)
    ]
    assert found == []


def test_the_rule_sees_what_it_forbids() -> None:
    assert MACHINE_PATHS.search("/" + "work/main")
    assert REGISTRIES.search("https://" + "pypi" + ".org/simple")
    assert not MACHINE_PATHS.search("at work/rest")
