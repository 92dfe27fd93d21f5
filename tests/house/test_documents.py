"""Generated documents say what the program says."""

import tomllib

from config import documents
from tests.house.sources import ROOT


def test_no_document_is_stale() -> None:
    assert documents.stale() == [], "run: manage.py document"


def test_the_drawing_of_an_item_knows_every_state() -> None:
    from clients.items.life import LIFE

    drawing = documents.item_life()
    assert all(str(state) in drawing for state in LIFE)


def test_the_map_of_the_house_names_the_features_in_the_order_that_the_build_checks() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "features")
    drawn = (ROOT / "docs" / "architecture.md").read_text().split("```")[1]
    named = [line.split("/")[0].strip() for line in drawn.splitlines() if line.startswith("  ")]
    assert named == layers
