"""What a drawing may open: what is ours by where a path leads, not by how it is written."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from reports.rendering.forking import ROOT, _refused

VENV = Path(sys.prefix).resolve()
OURS = ROOT / "reports" / "rendering"


@pytest.mark.parametrize(
    "path", [OURS / "forking.py", str(OURS / "look.py"), os.fsencode(OURS / "look.py"), f"{OURS}/../facts/shapes.py", 3]
)
def test_the_programs_own_files_are_opened(path: Any) -> None:
    _refused("open", (path, "r", 0))


@pytest.mark.parametrize(
    "path",
    [
        "/etc/hostname",
        Path("/etc/hostname"),
        f"{VENV}/../.relais/secret",
        os.fsencode(f"{OURS}/../../manage.py"),
        f"{ROOT}/reports.sqlite",
        f"{VENV}-beside/secret",
        "hostname",
    ],
)
def test_whatever_leads_elsewhere_is_not(path: Any) -> None:
    with pytest.raises(PermissionError):
        _refused("open", (path, "r", 0))


def test_a_link_is_where_it_leads(tmp_path: Path) -> None:
    inward, outward = tmp_path / "inward", tmp_path / "outward"
    inward.symlink_to(OURS / "look.py")
    (tmp_path / "secret").write_text("x")
    outward.symlink_to(tmp_path / "secret")
    _refused("open", (str(inward), "r", 0))
    with pytest.raises(PermissionError):
        _refused("open", (str(outward), "r", 0))
