"""`manage.py forget`, what `make clean` calls: removes what `make run` and the tests keep on this machine, data included."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.broker import Broker
from config.embedded.postgres import Cluster
from config.embedded.start import RunsAlready, alone_in


class Command(BaseCommand):
    """Ends the servers of the tests, refuses while `make run` runs, and removes the state folder and what it has elsewhere."""

    help = "Forget everything that was kept on this machine (data included)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What `make test` does when it is done."""
        parser.add_argument("--only-stop", action="store_true", help="only stop the idle servers of the tests")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Folders outside the clone (a clone closed to the database's account) go too."""
        state: Path = settings.STATE_DIR
        if not state.exists():
            return
        if options["only_stop"]:
            stop_test_servers(state)
            return
        try:
            with alone_in(state):
                for cluster in clusters(state):
                    forget_cluster(cluster)
        except RunsAlready as error:
            raise CommandError(str(error)) from error
        shutil.rmtree(Broker(state).socket.parent, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


def clusters(state: Path) -> list[Cluster]:
    """Those of the tests, a folder for each major version, and the one of `make run`."""
    return [*test_clusters(state), Cluster(state)]


def test_clusters(state: Path) -> list[Cluster]:
    """Only those of the tests."""
    return [Cluster(folder) for folder in (state / "test").glob("[0-9]*")]


def stop_test_servers(state: Path) -> None:
    """Stop those that nobody uses."""
    for cluster in test_clusters(state):
        if (cluster.home / "password").exists() and cluster.answers() and not cluster.is_used():
            cluster.stop()


def forget_cluster(cluster: Cluster) -> None:
    """Stop a cluster and remove its files, wherever they are."""
    cluster.stop()
    for folder in (cluster.data, cluster.sockets, cluster.home):
        shutil.rmtree(folder, ignore_errors=True)
