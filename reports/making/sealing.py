"""The keys that a brand's reports are signed with: opened here, kept open nowhere. All certificates stay, for whoever checks."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from clients.channels.vault import unseal
from reports.making.models import SealKey
from reports.rendering.sealing_keys import SigningKey, certificate_of, certificates_in
from tenants.errors import Conflict
from tenants.walls.scope import required_brand

SECRET = "key"  # noqa: S105  the name of a field


def seal_keys() -> QuerySet[SealKey]:
    """Every key that ever signed here, the newest first: that one signs."""
    return SealKey.objects.order_by("-number")


def newest_key() -> SealKey | None:
    return seal_keys().first()


def opened(found: SealKey) -> SigningKey:
    """Raises Conflict('secret_unreadable') when no key of the installation opens it, or it is another brand's."""
    secrets = unseal(found.secret, brand_id=required_brand().id, channel_id=found.pk)
    chain = certificates_in(found.chain.encode()) if found.chain else ()
    return SigningKey(secrets.reveal(SECRET).encode(), found.certificate.encode(), chain)


def key_in_force() -> SigningKey:
    """The one that signs now. Raises Conflict('secret_unreadable') where there is none that opens, Conflict('seal_key_over')
    where its certificate has run out: what it signed now would not hold."""
    found = newest_key()
    if found is None:
        raise Conflict("secret_unreadable", "secret")
    if good_until(found) <= timezone.now():
        raise Conflict("seal_key_over")
    return opened(found)


def good_until(found: SealKey) -> datetime:
    """Until when what it signs holds."""
    return certificate_of(found.certificate.encode()).not_valid_after_utc


def certificates() -> list[bytes]:
    """Of every key that ever signed here, PEM."""
    return [one.encode() for one in seal_keys().values_list("certificate", flat=True)]


def chains() -> dict[bytes, tuple[bytes, ...]]:
    """By such a certificate those that authorities gave the brand along with it, PEM: they stand in its seals, all of them, and
    vouch for nothing by themselves."""
    found = seal_keys().exclude(chain="")
    return {one.certificate.encode(): certificates_in(one.chain.encode()) for one in found}
