"""What one report may use of the machine. Pure."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Caps:
    """Address space in bytes, processor time and time by the wall in seconds."""

    memory: int = 1_800 * MEBIBYTE
    processor: int = 120
    wall: int = 240


USUAL = Caps()
PREVIEW = Caps(memory=900 * MEBIBYTE, processor=20, wall=30)
