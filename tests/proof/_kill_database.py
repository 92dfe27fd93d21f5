"""The proof's own database server, killed: a backend of it, or the postmaster itself."""

import os
import random
import signal
import time

import psycopg
from django.db import connections

from config.embedded.postgres import Cluster

PATIENCE = 60.0


def kill_a_backend(cluster: Cluster) -> bool:
    """A server process dies: the postmaster ends all the others and recovers from the log. False when there was none."""
    wait_for_it(cluster)
    try:
        with psycopg.connect(cluster.addresses("postgres").owner, autocommit=True) as admin:
            rows = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
    except psycopg.OperationalError:  # it recovers from the kill before this one
        return False
    if not rows:
        return False
    os.kill(random.choice(rows)[0], signal.SIGKILL)
    wait_for_it(cluster)
    return True


def kill_the_postmaster(cluster: Cluster) -> None:
    """Its children notice and end. Its pid file goes too: a dead process that nobody buries would look alive for ever."""
    file = cluster.data / "postmaster.pid"
    os.kill(int(file.read_text().split("\n")[0]), signal.SIGKILL)
    connections.close_all()
    time.sleep(1.0)
    file.unlink(missing_ok=True)
    until = time.monotonic() + PATIENCE
    while not cluster.answers() and time.monotonic() < until:
        try:
            cluster.start()
        except RuntimeError:  # a child still holds the shared memory
            time.sleep(0.5)


def wait_for_it(cluster: Cluster) -> None:
    """Until the server answers again; at first it may not have noticed yet."""
    connections.close_all()
    time.sleep(0.3)
    until = time.monotonic() + PATIENCE
    while not cluster.answers() and time.monotonic() < until:
        time.sleep(0.1)
