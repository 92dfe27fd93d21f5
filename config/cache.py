"""Cache keys carry the brand they belong to, so that nothing cached in one brand can be read in another."""

from tenants.walls.scope import current_brand


def key_of(key: str, prefix: str, version: int) -> str:
    """`KEY_FUNCTION` of every cache: the open brand's id, or `hub` outside any brand."""
    brand = current_brand()
    return f"{brand.id if brand else 'hub'}:{prefix}:{version}:{key}"
