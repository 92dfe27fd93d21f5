"""Which Chromium the checks drive: the one without windows where it is there, for a third of the time."""

import shutil

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), "")
