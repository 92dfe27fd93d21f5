"""The settings of processes that are killed: those of the proofs, with the fakes, and without the pace that networks ask for."""

from tests.settings_of_proofs import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.stand_ins_of_kills.Kills"]  # noqa: F405
