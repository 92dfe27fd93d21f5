"""Who hands the tokens out: the brand's own host, and where its endpoints are."""

from django.conf import settings

from tenants.walls.scope import BrandRef

TOKEN, REVOKE, AUTHORIZE = "/api/v1/oauth/token", "/api/v1/oauth/revoke", "/oauth/authorize"


def issuer_of(brand: BrandRef) -> str:
    """The address that stands as `iss` (RFC 9207) in every answer, and as `issuer` in the metadata."""
    return f"{settings.PUBLIC_SCHEME}://{brand.slug}.{settings.PUBLIC_AUTHORITY}"
