"""Pictures of published posts, for people to look at: the page as a reader's browser draws it, taken by a headless Chromium.

`make proof PART=channels` names the folder. A test asks for a picture and looks itself whether the post is on it.
"""

import os
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from clients.channels.port import MediaFile
from tests.chromium import CHROMIUM

# The folder for the pictures: without it none is taken.
FOLDER = "RELAIS_PICTURES"
TITLE = "La régate d’été"
WORDS = (
    "Le **port** s’éveille : la première régate part dimanche à dix heures.\n\n- inscriptions au quai\n- gilets prêtés\n\n"
    "Venez nombreux, même sans bateau."
)
SEA, SAIL = (24, 92, 140), (224, 64, 32)
ALT = "Un voilier à la voile rouge sur une mer calme"
SIZE, LONGEST = "1000,1400", 90
# Of the sail, once a page has scaled it down.
LEAST_OF_IT = 2000


def sailing_boat() -> MediaFile:
    """A picture of plain colours that are found again on a page."""
    drawn = Image.new("RGB", (800, 400), (206, 228, 240))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 260, 800, 400), fill=SEA)
    pen.polygon([(400, 40), (400, 240), (560, 240)], fill=SAIL)
    pen.polygon([(300, 250), (600, 250), (560, 300), (340, 300)], fill=(70, 48, 36))
    out = BytesIO()
    drawn.save(out, format="PNG")
    return MediaFile(out.getvalue(), "image/png", ALT)


def photographed(address: str, name: str) -> Path:
    """A picture of the page in the folder, or a skip that says why there is none."""
    if not os.environ.get(FOLDER):
        pytest.skip("pictures are taken by make proof PART=channels")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    taken = Path(os.environ[FOLDER]) / f"{name}.png"
    taken.parent.mkdir(parents=True, exist_ok=True)
    taken.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
            f"--window-size={SIZE}", f"--screenshot={taken}", address,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert taken.exists(), done.stderr[-800:]
    return taken


def shows_the_boat(taken: Path) -> bool:
    """Whether the sail is on the picture, also where a theme has darkened it: nothing else there is of this red."""
    with Image.open(taken) as page:
        counted = page.convert("RGB").getcolors(maxcolors=1 << 24) or []
    return sum(count for count, colour in counted if _is_of_the_sail(colour)) > LEAST_OF_IT


def _is_of_the_sail(colour: object) -> bool:
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return bool(red > 80 and 2.5 < red / max(green, 1) < 5 and red > 2.5 * blue)
