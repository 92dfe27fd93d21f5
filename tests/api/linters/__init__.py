"""Two linters that know nothing of each other or of us read the description of the API: Spectral and Redocly, from npm.

`install()` fetches exactly what the lock file names into `.relais/linters`; `found_by(document)` says what each has to say.
"""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.systems import ROOT, SystemFailed, missing_programs

FOLDER = ROOT / ".relais" / "linters"
FILES = Path(__file__).parent
ERROR = 0
"""Spectral's severities: errors are 0, warnings 1."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing a linter found: `severe` is what it calls an error."""

    linter: str
    rule: str
    where: str
    text: str
    severe: bool


def available() -> str:
    """'' or what is missing."""
    if lacking := missing_programs("node", "npm"):
        return lacking
    same = _lock(FOLDER) == _lock(FILES) and (FOLDER / "node_modules" / ".bin" / "redocly").exists()
    return "" if same else "the linters are not installed (npm, half a minute)"


def install() -> None:
    """Nothing runs while it installs, and nothing of it reports to anybody."""
    if not available() or missing_programs("node", "npm"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / "package.json", FOLDER / "package.json")
    shutil.copy(FILES / "package-lock.json", FOLDER / "package-lock.json")
    _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")


def found_by(document: dict[str, Any]) -> list[Complaint]:
    """All that both say about a description of an API."""
    with tempfile.TemporaryDirectory(prefix="relais-lint-") as folder:
        place = Path(folder) / "openapi.json"
        place.write_text(json.dumps(document))
        return [*_spectral(place), *_redocly(place)]


def _spectral(place: Path) -> list[Complaint]:
    rules = ["--ruleset", str(FILES / "spectral.yaml"), "--format", "json", "--quiet", "--fail-severity", "error"]
    said = json.loads(_run("node_modules/.bin/spectral", "lint", *rules, str(place)) or "[]")
    return [
        Complaint("spectral", one["code"], "/".join(map(str, one["path"])), one["message"], one["severity"] == ERROR)
        for one in said
    ]


def _redocly(place: Path) -> list[Complaint]:
    rules = ["--config", str(FILES / "redocly.yaml"), "--format", "json", "--max-problems", "1000"]
    said = json.loads(_run("node_modules/.bin/redocly", "lint", *rules, str(place)))
    return [
        Complaint("redocly", one["ruleId"], one["location"][0].get("pointer", ""), one["message"], _severe(one))
        for one in said["problems"]
    ]


def _severe(one: dict[str, Any]) -> bool:
    return bool(one["severity"] == "error")


def _lock(folder: Path) -> bytes:
    place = folder / "package-lock.json"
    return place.read_bytes() if place.exists() else b""


def _run(*command: str) -> str:
    """What it printed. A linter that found something ends with 1, and has said so in its words."""
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
    done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1) or (command[0] == "npm" and done.returncode):
        raise SystemFailed(done.stderr[-1500:])
    return done.stdout
