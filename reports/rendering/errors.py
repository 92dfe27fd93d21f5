"""Why there is no PDF: one error with a code. Whoever asked words it."""

from enum import StrEnum


class Fault(StrEnum):
    """What stood in the way."""

    NO_PANGO = "pdf_impossible"  # this machine lacks the libraries that draw text
    NO_FONTS = "pdf_fonts_missing"  # a shipped font file is not there
    MEMORY = "pdf_memory"  # it wanted more memory than one report gets
    TIME = "pdf_time"  # it took longer than one report gets
    DIED = "pdf_died"  # the process that drew it ended without a word
    CANCELLED = "pdf_cancelled"
    OUTSIDE = "pdf_outside"  # something on a page wanted to be fetched
    BROKEN = "pdf_broken"  # the drawing failed: the log says where
    DISK = "pdf_disk"  # no room, or no right, for what a drawing needs


class NotDrawn(Exception):
    """No PDF was made, not even half of one. `detail` is for the log: it holds no content."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


class BadPicture(ValueError):
    """A picture that is not taken. `reason`: 'not_a_picture', 'too_large', 'too_many_pixels', 'svg_refused'."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class BadColour(ValueError):
    """A colour that cannot be used. `reason`: 'not_a_colour'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
