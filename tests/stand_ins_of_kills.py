"""What the killed processes know besides the program: fakes in the place of networks, and that nobody minds a quick pace.

A thousand acts over one account of Bluesky would take three hours, because a polite client leaves ten seconds between two.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

from django.apps import AppConfig

FAKES = "PROOF_FAKES"
"""JSON: ports of fakes by kind."""


class Kills(AppConfig):
    """Registered last, when everything it changes is there."""

    name = "tests.stand_ins_of_kills"
    label = "stand_ins_of_kills"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from clients.channels.bluesky.connector import BlueskyConnector
        from clients.channels.discourse.connector import DiscourseConnector
        from tests.proof._kill_networks import register

        register(json.loads(os.environ.get(FAKES, "{}")))
        for connector in (BlueskyConnector, DiscourseConnector):
            connector.declares = replace(connector.declares, gap_seconds=0.0)
