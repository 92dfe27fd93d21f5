"""A credential can be used, and in no way be looked at."""

import json

import pytest

from clients.channels.secret import NO_SECRETS, Secrets

SHOWN = "pa55"


def test_it_is_revealed_only_when_asked_for() -> None:
    assert Secrets({"password": SHOWN}).reveal("password") == SHOWN
    assert Secrets({"password": SHOWN}).reveal("token") == ""


def test_it_says_which_names_it_holds() -> None:
    assert repr(Secrets({"b": SHOWN, "a": SHOWN})) == "Secrets(a, b)"
    assert not NO_SECRETS and Secrets({"password": SHOWN})


@pytest.mark.parametrize("show", [repr, str, "{}".format, lambda secrets: json.dumps([1, secrets], default=repr)])
def test_no_way_of_printing_shows_it(show) -> None:  # type: ignore[no-untyped-def]
    assert SHOWN not in show(Secrets({"password": SHOWN}))


def test_it_has_no_attributes_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(Secrets({"password": SHOWN}))
