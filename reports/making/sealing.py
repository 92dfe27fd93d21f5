"""The keys that a brand's reports are signed with: opened here, kept open nowhere. All certificates stay, for whoever checks."""

from django.db.models import QuerySet

from clients.channels.vault import unseal
from reports.making.models import SealKey
from reports.rendering.sealing_keys import SigningKey
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
    return SigningKey(secrets.reveal(SECRET).encode(), found.certificate.encode())


def key_in_force() -> SigningKey:
    """The one that signs now. Raises Conflict('secret_unreadable') where there is none that opens."""
    found = newest_key()
    if found is None:
        raise Conflict("secret_unreadable", "secret")
    return opened(found)


def certificates() -> list[bytes]:
    """Of every key that ever signed here, PEM."""
    return [one.encode() for one in seal_keys().values_list("certificate", flat=True)]
