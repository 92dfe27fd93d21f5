"""The tail is where ugliness lives: sizes are measured, printed and bounded as docs and style say."""

import ast
from collections.abc import Iterator
from statistics import median, quantiles

import pytest

from tests.house.sources import PACKAGES, Source, sources

MEDIAN_OF_MODULES = 90
NINE_IN_TEN_MODULES = 250
NINE_IN_TEN_FUNCTIONS = 25
LONGEST_MODULE = 400
LONGER_WITH_A_REASON = {
    # A brand reads and runs one file: signatures, tree, notes, the reading of a bundle, and every attack it names.
    "clients/audit/verifier/verify.py": 670,
}
MOST_PARAMETERS = 10
NINE_IN_TEN_PARAMETERS = 4
"""A function that wants more of them wants a value object: the first number only ever goes down."""
MORE_PARAMETERS_WITH_A_REASON = {
    # All that a request of HTTP can be made of, each by its name.
    "clients/channels/fetch.py call": 14,
}

Sized = tuple[int, str]


def modules() -> list[Sized]:
    return [(source.text.count("\n"), source.name) for source in sources() if source.text.strip()]


def functions(found: tuple[Source, ...]) -> list[Sized]:
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{source.name}:{node.lineno} {node.name}")
        for source, node in definitions(found)
    ]


def parameters(found: tuple[Source, ...]) -> list[Sized]:
    """Without the object that a method is called on."""
    return [
        (sum(one.arg not in {"self", "cls"} for one in every(node.args)), f"{source.name} {node.name}")
        for source, node in definitions(found)
    ]


def every(given: ast.arguments) -> list[ast.arg]:
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def definitions(found: tuple[Source, ...]) -> Iterator[tuple[Source, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for source in found:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield source, node


def nine_in_ten(sizes: list[Sized]) -> float:
    return quantiles([size for size, _ in sizes], n=10)[8]


def test_modules_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = modules()
    with capsys.disabled():
        print(
            f"\n{len(sizes)} modules: median {median(s for s, _ in sizes)}, nine in ten up to {nine_in_ten(sizes):.0f}"
        )
        for package in PACKAGES:
            print(f"  longest of {package}: {max((s for s in sizes if s[1].startswith(package)), default='none')}")
    assert median(size for size, _ in sizes) <= MEDIAN_OF_MODULES
    assert nine_in_ten(sizes) <= NINE_IN_TEN_MODULES
    for size, name in sizes:
        assert size <= LONGER_WITH_A_REASON.get(name, LONGEST_MODULE), name


def test_functions_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = functions(sources())
    with capsys.disabled():
        print(
            f"\n{len(sizes)} functions: median {median(s for s, _ in sizes)}, nine in ten up to {nine_in_ten(sizes):.0f}"
        )
        for package in PACKAGES:
            print(f"  longest of {package}: {max((s for s in sizes if s[1].startswith(package)), default='none')}")
    assert nine_in_ten(sizes) <= NINE_IN_TEN_FUNCTIONS


def test_functions_ask_for_little(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = parameters(sources())
    with capsys.disabled():
        print(f"\nparameters: median {median(s for s, _ in sizes)}, nine in ten up to {nine_in_ten(sizes):.0f}")
        for package in PACKAGES:
            print(f"  most of {package}: {max((s for s in sizes if s[1].startswith(package)), default='none')}")
    assert nine_in_ten(sizes) <= NINE_IN_TEN_PARAMETERS
    assert [one for one in sizes if one[0] > MORE_PARAMETERS_WITH_A_REASON.get(one[1], MOST_PARAMETERS)] == []
    found = {name: count for count, name in sizes if name in MORE_PARAMETERS_WITH_A_REASON}
    assert found == MORE_PARAMETERS_WITH_A_REASON, "a reason that is no longer needed"
