"""The source package of something that is locked, through the ordinary client of its registry, kept for the next time."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.systems import HOME


def source_package(name: str) -> Path:
    """The archive, fetched once."""
    folder = HOME / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = f"{name}-{version(name)}"
    found = sorted(folder.glob(f"{wanted}.tar.gz"))
    if not found:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
        ]
        subprocess.run([*pip, "--dest", str(folder), f"{name}=={version(name)}"], check=True)
        found = sorted(folder.glob(f"{wanted}.tar.gz"))
    return found[0]
