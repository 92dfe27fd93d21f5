"""What schemathesis says of a run, line by line: how many cases it sent, and which checks failed on which operation."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Tally = Counter[str]


OF_PYTHON = "AST constructor recursion depth mismatch"
"""A known fault of CPython 3.11 (gh-106905) where threads parse at the same time: the tool trips over it, no answer of ours."""


def failures_in(told: Path) -> tuple[Tally, Tally]:
    """(cases and operations, failures as 'check: operation: what')."""
    tally, failed, seen = Tally(), Tally(), set[str]()
    for recorder in _recorders(told):
        seen.add(recorder["label"])
        tally["cases"] += len(recorder.get("cases", {}))
        failed.update(_failures(recorder))
    tally["operations"] = len(seen)
    return tally, failed


def _recorders(told: Path) -> Iterator[dict[str, Any]]:
    with told.open() as lines:
        for line in lines:
            event = json.loads(line)
            scenario = event.get("ScenarioFinished")
            if scenario and scenario.get("recorder"):
                yield scenario["recorder"]
            for name in ("NonFatalError", "FatalError"):
                if name in event and OF_PYTHON not in json.dumps(event[name]):
                    yield {"label": name, "cases": {}, "checks": {"": [_as_check(event[name])]}}


def _as_check(error: dict[str, Any]) -> dict[str, Any]:
    said = json.dumps(error)[:300]
    return {"name": "error", "status": "failure", "failure_info": {"failure": {"title": "Error", "message": said}}}


def _failures(recorder: dict[str, Any]) -> Iterator[str]:
    for checks in recorder.get("checks", {}).values():
        for check in checks:
            if check["status"] != "failure" or _slowed_down(check):
                continue
            failure = check["failure_info"]["failure"]
            said = " ".join(failure["message"].split())[:200]
            yield f"{check['name']}: {recorder['label']}: {failure['title']}: {said}"


def _slowed_down(check: dict[str, Any]) -> bool:
    """After ten wrong keys of one address within a minute the next waits: refused all the same, and before it is looked at."""
    return check["name"] == "ignored_auth" and "got `429 " in check["failure_info"]["failure"]["message"]
