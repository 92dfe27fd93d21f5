"""What a brand may set as its look. Pure."""

from dataclasses import dataclass

from reports.rendering.errors import BadColour, BadPicture
from reports.rendering.look import too_weak
from reports.rendering.pictures import OF_MARK, Ready, ready
from tenants.errors import Invalid

LONGEST_ALTERNATIVE = 150
REFUSED = {
    "not_a_picture": "logo_not_a_picture",
    "too_large": "logo_too_large",
    "too_many_pixels": "logo_too_many_pixels",
    "svg_refused": "logo_svg_refused",
}
"""What is said of a mark that is not taken, by the reason of `BadPicture`."""
NO_MARK = Ready(b"", "", 0, 0)
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """A look as somebody typed it. `logo`: the bytes of a file; None for the mark that is there already, b'' for none."""

    colour: str
    second: str
    alternative: str = ""
    logo: bytes | None = None


def checked_colour(typed: str, field: str) -> str:
    """As '#rrggbb'; the sign in front may be missing. Raises Invalid('not_a_colour' | 'colour_too_weak', field): the latter
    says the contrast that it `has` and the `nearest` that would do."""
    found = typed.strip().lower()
    found = f"#{found}" if len(found) == DIGITS else found
    try:
        weak = too_weak(found)
    except BadColour:
        raise Invalid("not_a_colour", field) from None
    if weak is not None:
        raise Invalid("colour_too_weak", field, has=weak.has, nearest=weak.nearest)
    return found


def checked_mark(content: bytes) -> Ready:
    """The mark made anew, as it is kept. Raises Invalid with a code of `REFUSED`, 'logo'."""
    if not content:
        return NO_MARK
    try:
        return ready(content, OF_MARK)
    except BadPicture as error:
        raise Invalid(REFUSED[error.reason], "logo") from None


def checked_alternative(typed: str, *, has_mark: bool) -> str:
    """What stands for the mark where it is not seen; '' without one. Raises Invalid('alternative_missing' | 'too_long' |
    'control_characters', 'alternative')."""
    found = " ".join(typed.split())
    if not has_mark:
        return ""
    if not found:
        raise Invalid("alternative_missing", "alternative")
    if len(found) > LONGEST_ALTERNATIVE:
        raise Invalid("too_long", "alternative", most=LONGEST_ALTERNATIVE)
    if not found.isprintable():
        raise Invalid("control_characters", "alternative")
    return found
