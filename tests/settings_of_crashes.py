"""The settings of a web server whose processes die at a named moment: those of the proofs, with the stand-in that kills them."""

from tests.settings_of_proofs import *  # noqa: F403

MIDDLEWARE = ["tests.stand_ins_of_crashes.Dying", *MIDDLEWARE]  # noqa: F405
