"""Each connector's contract against the real program that stands for its network, brought up here on loopback.

The tests of `tests/channels/live` are the contract, a line that is spoilt on the way, and what only that program says.
Small: the systems that are installed and start within seconds. Full: what is missing is installed first, where this
machine may. The figures count the cases that ran, name what did not and why, and never count a skip. A published post of
each network that shows pages is photographed by a headless Chromium, where there is one, into `.relais/pictures`.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

from tests.channels.live.pictures import CHROMIUM, FOLDER
from tests.channels.live.sites import WANTED
from tests.systems import ROOT, debian

NEEDS_DATABASE = False
LIVE = ROOT / "tests" / "channels" / "live"
PICTURES = ROOT / ".relais" / "pictures"
LONGEST = 600.0
# At once: most of the time is spent waiting for a server that hangs on purpose.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one system: its cases, or why there are none."""

    name: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    why_not: str = ""

    def __str__(self) -> str:
        if self.why_not:
            return f"{self.name} not run ({self.why_not})"
        short = f", {self.failed} fail" if self.failed else ""
        return f"{self.name} {self.passed} cases{short} in {self.seconds:.0f} s"


def run(scale: str) -> tuple[str, bool]:
    """Every system that has live tests."""
    names = sorted(file.stem.removeprefix("test_") for file in LIVE.glob("test_*.py"))
    began = time.time()
    if scale == "full" and not CHROMIUM:
        debian("chromium")
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        outcomes = list(crowd.map(lambda name: _outcome(name, scale), names))
    ran = [each for each in outcomes if not each.why_not]
    passed, failed = sum(each.passed for each in ran), sum(each.failed for each in ran)
    figures = (
        f"{passed} cases pass and {failed} fail against {len(ran)} of {len(outcomes)} real programs: "
        f"{'; '.join(map(str, outcomes))}; pictures of posts: {_pictures(began)}"
    )
    # At small scale a machine without the programs shows nothing, and says so; at full scale every program must be there.
    enough = len(ran) == len(outcomes) if scale == "full" else True
    return figures, not failed and enough


def _pictures(since: float) -> str:
    """Those that this run took."""
    taken = sorted(file.stem for file in PICTURES.glob("*.png") if file.stat().st_mtime >= since)
    return f"{', '.join(taken)} in {PICTURES.relative_to(ROOT)}" if taken else "none"


def _outcome(name: str, scale: str) -> Outcome:
    system = import_module(f"tests.systems.{name}")
    try:
        why_not = _why_not(system, scale)
    except Exception as error:  # an installation that fails is a reason not to run, told as one
        why_not = f"{type(error).__name__}: {error}"[:200]
    return Outcome(name, why_not=why_not) if why_not else _cases(name)


def _why_not(system: ModuleType, scale: str) -> str:
    if scale == "full":
        system.install()
    elif not system.QUICK:
        return "full scale only"
    return str(system.available())


def _cases(name: str) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "services",
            f"--junitxml={report}", str(LIVE / f"test_{name}.py"),
        ]  # fmt: skip
        environment = {**os.environ, WANTED: name, FOLDER: str(PICTURES)}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                words, _ = process.communicate(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)  # pytest then stops what it has started
                words, _ = process.communicate()
        return _counted(name, report, words, process.returncode, time.monotonic() - began)


def _counted(name: str, report: Path, words: str, status: int, seconds: float) -> Outcome:
    """From pytest's own report; a run that ends badly without a failing case is one that fails."""
    suite = ET.parse(report).getroot().find("testsuite") if report.exists() else None
    counts = {
        what: int(suite.get(what, 0)) if suite is not None else 0 for what in ("tests", "failures", "errors", "skipped")
    }
    failed = counts["failures"] + counts["errors"]
    if status:
        sys.stderr.write("".join(f"  {name}: {line}\n" for line in words.splitlines()[-15:]))
    passed = counts["tests"] - failed - counts["skipped"]
    return Outcome(name, passed, failed or int(status != 0 or not passed), seconds)
