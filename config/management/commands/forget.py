"""`manage.py forget`, what `make clean` calls: removes what `make run` and the tests keep on this machine, data included."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded.postgres import Cluster
from config.embedded.start import RunsAlready, alone_in


class Command(BaseCommand):
    """Ends the servers of the tests, refuses while `make run` runs, and removes the state folder and what it has elsewhere."""

    help = "Forget everything that was kept on this machine (data included)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Folders outside the clone (a clone closed to the database's account) go too."""
        state: Path = settings.STATE_DIR
        if not state.exists():
            return
        try:
            with alone_in(state):
                for folder in (state / "test", state):
                    forget_cluster(folder)
        except RunsAlready as error:
            raise CommandError(str(error)) from error
        shutil.rmtree(state, ignore_errors=True)


def forget_cluster(state: Path) -> None:
    """Stop a cluster and remove its files, wherever they are."""
    cluster = Cluster(state)
    cluster.stop()
    for folder in (cluster.data, cluster.sockets, cluster.home):
        shutil.rmtree(folder, ignore_errors=True)
