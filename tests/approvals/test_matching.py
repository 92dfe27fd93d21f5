"""Does a text fit a template?  Against an oracle that tries every way of filling the slots."""

import re
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.approvals.rules import Template, fits, hold_covers, matching, mismatches
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.items.content import Content, MediaRef

ADDRESSES = re.compile(r"https?://|www\.|@|[a-z0-9]\.[a-z]{2,}", re.IGNORECASE)


def oracle(pieces: list[str], text: str) -> bool:
    """Every way, one after the other: `pieces` are the literals, with a slot between each two."""
    addresses = sum(len(ADDRESSES.findall(piece)) for piece in pieces)
    return len(ADDRESSES.findall(text)) == addresses and _rest(
        pieces[1:], text.removeprefix(pieces[0]), text, pieces[0]
    )


def _rest(pieces: list[str], left: str, text: str, first: str) -> bool:
    if not text.startswith(first):
        return False
    if not pieces:
        return left == ""
    for size in range(1, min(80, len(left)) + 1):
        filling, beyond = left[:size], left[size:]
        if "\n" in filling or ADDRESSES.search(filling):
            break
        if beyond.startswith(pieces[0]) and _rest(pieces[1:], beyond[len(pieces[0]) :], text, first):
            return True
    return False


letters = st.text("ab .w@\n", max_size=5)


@settings(max_examples=400)
@given(st.lists(letters, min_size=1, max_size=4), st.lists(letters, max_size=4), st.booleans())
def test_fits_agrees_with_trying_everything(pieces: list[str], fillings: list[str], honest: bool) -> None:
    template = "{x}".join(pieces)
    filled = [*fillings, *["a"] * len(pieces)][: len(pieces) - 1]
    text = pieces[0] + "".join(f + p for f, p in zip(filled, pieces[1:], strict=True)) if honest else "".join(fillings)
    assert fits(template, text) is oracle(pieces, text)


@pytest.mark.parametrize(
    ("template", "text", "fit"),
    [
        ("Ouvert {jour} !", "Ouvert samedi !", True),
        ("Ouvert {jour} !", "Ouvert  !", False),
        ("Ouvert {jour} !", "Ouvert samedi ! Et www.mal.example", False),
        ("Ouvert {jour} !", "Ouvert mal.example !", False),
        ("Ouvert {jour} !", "Ouvert samedi\nou dimanche !", False),
        ("Ouvert {jour} !", f"Ouvert {'x' * 80} !", True),
        ("Ouvert {jour} !", f"Ouvert {'x' * 81} !", False),
        ("Sans trou", "Sans trou", True),
        ("Sans trou", "Sans trous", False),
        ("{a}{b}", "mal.example", False),  # no filling is an address, the text is one
        ("{a}.{b}", "mal.example", False),
        ("Voir www.maison.example/{page}", "Voir www.maison.example/pain", True),
        ("Voir www.maison.example/{page}", "Voir www.maison.example/mal.example", False),
        ("Le {jour}.{mois}", "Le 12.06", True),
        ("{A}", "{A}", True),  # no slot: slots are lower-case words
    ],
)
def test_what_fits(template: str, text: str, fit: bool) -> None:
    assert fits(template, text) is fit


def test_no_text_makes_matching_expensive() -> None:
    template = " ".join(["{x}"] * 20) + "!"
    began = time.process_time()
    assert not fits(template, "a " * 1000)
    assert not fits("{a}" * 20 + "b", "a" * 2000)
    assert time.process_time() - began < 2


TEMPLATE = Template(
    "t", "publish", "routine", ("wall",), "Ouvert {jour}", ("maison.example",), until=date(2026, 12, 31), uses_left=1
)
CONTENT = Content(ActionKind.PUBLISH, ("wall",), "Ouvert samedi", link="https://maison.example/x")
TODAY = date(2026, 12, 31)


def test_a_match_has_no_mismatch_and_names_the_template() -> None:
    assert mismatches(TEMPLATE, CONTENT, "wall", TODAY) == []
    assert matching([replace(TEMPLATE, id="no", kind="answer"), TEMPLATE], CONTENT, "wall", TODAY) == "t"
    assert matching([], CONTENT, "wall", TODAY) == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (replace(CONTENT, kind=ActionKind.ANSWER), "kind"),
        (replace(CONTENT, sensitivity=Sensitivity.SENSITIVE), "sensitivity"),
        (replace(CONTENT, text="Fermé samedi"), "text"),
        (replace(CONTENT, variants={"wall": "Fermé"}), "text"),
        (replace(CONTENT, link="https://mal.example/"), "link"),
        (replace(CONTENT, link="https://maison.example.mal.example/"), "link"),
        (replace(CONTENT, link="https://maison.example@mal.example/"), "link"),
        (replace(CONTENT, media=(MediaRef("d"),)), "media"),
    ],
)
def test_every_miss_says_why(content: Content, code: str) -> None:
    assert mismatches(TEMPLATE, content, "wall", TODAY) == [code]


def test_a_template_misses_by_channel_day_and_uses() -> None:
    assert mismatches(TEMPLATE, CONTENT, "other", TODAY) == ["channel"]
    assert mismatches(replace(TEMPLATE, channels=()), CONTENT, "other", TODAY) == []
    assert mismatches(TEMPLATE, CONTENT, "wall", date(2027, 1, 1)) == ["ended"]
    assert mismatches(replace(TEMPLATE, uses_left=0), CONTENT, "wall", TODAY) == ["used_up"]
    assert mismatches(replace(TEMPLATE, link_hosts=()), CONTENT, "wall", TODAY) == ["link"]


@pytest.mark.parametrize("scope", ["all", "channel", "kind", "person", "item"])
def test_a_brake_covers_its_scope_and_nothing_else(scope: str) -> None:
    act = {"channel": "c", "kind": "k", "person": "p", "item": "i"}
    assert hold_covers(scope, act.get(scope, ""), **act)
    others = {**act, scope: "another"}
    assert hold_covers(scope, act.get(scope, ""), **{k: others[k] for k in act}) is (scope == "all")
