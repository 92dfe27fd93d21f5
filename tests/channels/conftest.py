"""What the tests of the channels share."""

from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from clients.autonomy.vocabulary import ActionKind
from clients.channels.port import MediaFile, Outbound

# Failed asserts inside the contract are explained like those in a test.
pytest.register_assert_rewrite("tests.channels.contract")

BRAND = UUID("0192f5a0-0000-7000-8000-00000000000b")


@pytest.fixture
def picture() -> MediaFile:
    """A small red square with its words."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, format="PNG")
    return MediaFile(out.getvalue(), "image/png", "A red square")


@pytest.fixture
def outbound() -> Outbound:
    """An act on no channel in particular, with a key of its own."""
    return Outbound(
        key=uuid4().hex, kind=ActionKind.PUBLISH, brand_id=BRAND, channel_id=uuid4(), text="Bonjour à toutes et tous"
    )
