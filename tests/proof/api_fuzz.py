"""The whole API under schemathesis: a real server, a real key, all that the description says and all that it does not.

Every operation is asked with what fits its description and with what does not, in both languages, with all checks. No answer may
be a failure of ours (5xx) and none may differ from the description: status, form, headers, schema, what must be refused. Full
scale: 200 examples for each operation and language, in rounds of 20 over all operations, of which none begins after twenty
minutes; how many there were is said. Two linters read the description, and a client that is generated from it walks through
the quickstart: a draft, its submission, the brand's yes, the receipt.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from tests.api import linters
from tests.api.calls import Api, api_of
from tests.api.fuzz.events import failures_in
from tests.api.fuzz.stage import set_up, with_real_ids
from tests.api.fuzz.walk import PATIENCE, walk
from tests.proof._pages import host_of
from tests.proof._scene import quiet
from tests.proof._server import web_server
from tests.world import World

LONG = True
PLAIN, ALL = "examples,fuzzing", "examples,coverage,fuzzing"
SCALES = {"small": (1, 2, PLAIN), "full": (10, 20, ALL)}
"""Rounds, examples for each operation in a round, phases of the first round."""
LATEST = 1_200.0
"""Seconds after which no round begins."""
LANGUAGES, SEED = ("fr", "en"), 20261121
SETTINGS = Path(__file__).parents[1] / "api" / "fuzz" / "schemathesis.toml"
FAILURES_OF_OURS = "not_a_server_error"


def run(scale: str) -> tuple[str, bool]:
    """How much was asked, what differed, what the linters found, and whether the generated client came through."""
    linters.install()
    world = set_up()
    api = api_of(world)
    with web_server(host_of(world), workers=2, threads=8) as port, quiet():
        document = _described(world, port)
        walked = walk(document, world, api, port)  # before the fuzz, which pulls the brake as well
        real = with_real_ids(deepcopy(document), world)
        broken, tally, fewest = Counter[str](), Counter[str](), SCALES["full"][0] * SCALES["full"][1]
        with ThreadPoolExecutor(len(LANGUAGES) + 1) as hands:  # each waits for a process of its own
            looking = hands.submit(linters.found_by, document) if not linters.available() else None
            for asked, failed in hands.map(lambda one: _rounds(real, api, port, one, *SCALES[scale]), LANGUAGES):
                broken.update(failed)
                tally["cases"] += asked["cases"]
                tally["operations"] = max(tally["operations"], asked["operations"])
                fewest = min(fewest, asked["rounds"] * SCALES[scale][1])
            complaints = looking.result() if looking else []
    print(f"  each operation was asked with {fewest} examples in each language, unless it has no more")
    return _told(document, tally, broken, complaints, walked)


def _told(
    document: dict[str, Any], tally: "Counter[str]", broken: "Counter[str]", complaints: list[Any], walked: str
) -> tuple[str, bool]:
    for line in [*map(str, complaints), *(f"{times} x {what}" for what, times in broken.most_common(40))]:
        print(f"  {line}")
    errors = sum(times for what, times in broken.items() if FAILURES_OF_OURS in what)
    operations = sum(len(path) for path in document["paths"].values())
    severe = [one for one in complaints if one.severe]
    lint = linters.available() or f"{len(severe)} errors and {len(complaints) - len(severe)} warnings"
    figures = (
        f"{tally['cases']} requests to {operations} operations in two languages ({tally['operations']} tried), server errors "
        f"{errors}, differences {broken.total() - errors}, linters: {lint}, generated client: {walked or 'came through'}"
    )
    return figures, bool(tally["cases"]) and not broken and not severe and not walked and not linters.available()


def _described(world: World, port: int) -> dict[str, Any]:
    """As the server gives it."""
    host = f"{host_of(world)}:{port}"
    answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/openapi.json", headers={"Host": host}, timeout=PATIENCE)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def _rounds(
    document: dict[str, Any], api: Api, port: int, language: str, rounds: int, examples: int, phases: str
) -> tuple["Counter[str]", "Counter[str]"]:
    """All operations, then all of them again with other examples."""
    began, tally, failed = time.monotonic(), Counter[str](), Counter[str]()
    for number in range(rounds):
        if number and time.monotonic() - began > LATEST:
            break
        asked, found = _fuzzed(document, api, port, language, examples, PLAIN if number else phases, SEED + number)
        failed.update(found)
        tally["cases"] += asked["cases"]
        tally["operations"], tally["rounds"] = max(tally["operations"], asked["operations"]), number + 1
        sys.stderr.write(f"  {language}, round {number + 1}: {asked['cases']} requests, {found.total()} failures\n")
    return tally, failed


def _fuzzed(
    document: dict[str, Any], api: Api, port: int, language: str, examples: int, phases: str, seed: int
) -> tuple["Counter[str]", "Counter[str]"]:
    """One run of schemathesis: how many cases and operations, and what failed, by check and operation."""
    with tempfile.TemporaryDirectory(prefix="relais-fuzz-") as folder:
        place, told = Path(folder) / "openapi.json", Path(folder) / "events.ndjson"
        place.write_text(json.dumps(document))
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(SETTINGS), "run", str(place),
            "--url", f"http://127.0.0.1:{port}/api/v1",
            "-H", f"Host: {api.brand.slug}.{settings.HUB_HOST}:{port}", "-H", f"Authorization: Bearer {api.secret}",
            "-H", f"Accept-Language: {language}",
            "--phases", phases, "--max-examples", str(examples), "--seed", str(seed), "--workers", "4", "--continue-on-failure",
            "--report", "ndjson", "--report-ndjson-path", str(told), "--no-shrink",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if not told.exists():
            raise RuntimeError(f"{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return failures_in(told)
