"""Credentials at rest: under the installation's keys, and for one channel of one brand."""

from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from clients.channels import vault
from tenants.errors import Conflict

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
BRAND, CHANNEL = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def keys(settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_ENCRYPTION_KEYS = (OLD,)


def _sealed() -> bytes:
    return vault.seal({"password": "pa55"}, brand_id=BRAND, channel_id=CHANNEL)


def test_what_was_sealed_opens_for_the_same_channel() -> None:
    sealed = _sealed()
    assert b"pa55" not in sealed
    assert vault.unseal(memoryview(sealed), brand_id=BRAND, channel_id=CHANNEL).reveal("password") == "pa55"


@pytest.mark.parametrize("other", [{"brand_id": uuid4()}, {"channel_id": uuid4()}])
def test_copied_to_another_brand_or_channel_it_does_not_open(other) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Conflict, match="secret_unreadable"):
        vault.unseal(_sealed(), **({"brand_id": BRAND, "channel_id": CHANNEL} | other))


def test_one_bit_changed_and_it_does_not_open() -> None:
    sealed = bytearray(_sealed())
    sealed[40] ^= 1
    with pytest.raises(Conflict, match="secret_unreadable"):
        vault.unseal(bytes(sealed), brand_id=BRAND, channel_id=CHANNEL)


def test_nothing_secret_is_nothing_stored() -> None:
    assert vault.seal({}, brand_id=BRAND, channel_id=CHANNEL) == b""
    assert not vault.unseal(b"", brand_id=BRAND, channel_id=CHANNEL)


def test_after_resealing_the_old_key_can_go(settings) -> None:  # type: ignore[no-untyped-def]
    sealed = _sealed()
    settings.FIELD_ENCRYPTION_KEYS = (NEW, OLD)
    resealed = vault.reseal(sealed)
    settings.FIELD_ENCRYPTION_KEYS = (NEW,)
    assert vault.unseal(resealed, brand_id=BRAND, channel_id=CHANNEL).reveal("password") == "pa55"
    with pytest.raises(Conflict, match="secret_unreadable"):
        vault.reseal(sealed)
