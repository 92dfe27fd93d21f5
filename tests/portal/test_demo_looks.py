"""The demo's looks are taken as anybody's would be: three of them, each another's."""

from portal.demo import HOUSES
from portal.demo_looks import LOOKS
from reports.looks.rules import checked_alternative, checked_colour, checked_mark


def test_each_brand_of_the_demo_has_a_look_of_its_own_that_is_taken() -> None:
    assert set(LOOKS) == {house.slug for house in HOUSES}
    kept = [
        (
            checked_colour(look.colour, "colour"),
            checked_colour(look.second, "second"),
            checked_mark(look.logo or b"").content,
            checked_alternative(look.alternative, has_mark=True),
        )
        for look in LOOKS.values()
    ]
    assert all(len({one[place] for one in kept}) == len(LOOKS) for place in range(4))
