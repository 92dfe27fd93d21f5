"""A receiver as a program of its own: errors, hangs and lost replies at random, each request noted before it is answered.

usage: python -m tests.webhooks.storm <file of requests> <file for its address> <file of the secret> <seconds of a hang>
"""

import json
import random
import sys
import time
from pathlib import Path

from tests.webhooks.receiver import Call, Receiver

SHARES = (("error", 0.3), ("hang", 0.1), ("lose", 0.1))


class Noting(Receiver):
    """It keeps nothing in mind."""

    file = Path()

    def note(self, call: Call) -> None:
        said = {"id": call.id, "headers": call.headers, "body": call.body.decode()}
        line = json.dumps(said | {"verified": call.verified, "taken": call.taken})
        with self.lock, self.file.open("a") as notes:
            notes.write(line + "\n")


def plan_of(chance: random.Random) -> str:
    """What becomes of the next request."""
    drawn = chance.random()
    for what, share in SHARES:
        if drawn < share:
            return what
        drawn -= share
    return "take"


def serve(file: str, told: str, secret_file: str, hang: str) -> None:
    """Until it is ended."""
    chance = random.Random(11)
    made = Noting(plan=lambda number: plan_of(chance), hang=float(hang), secret_file=secret_file)
    made.file = Path(file)
    with made:
        Path(told).write_text(made.url)
        while True:
            time.sleep(1)


if __name__ == "__main__":
    serve(*sys.argv[1:])
