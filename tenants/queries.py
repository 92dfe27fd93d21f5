"""Questions about brands that processes outside a request ask."""

from uuid import UUID

from tenants.brandref import BrandRef
from tenants.errors import Missing
from tenants.models import Brand, Membership
from tenants.vocabulary import BrandState
from tenants.walls.scope import current_brand, hub_scope


def serving_brand(brand_id: UUID) -> BrandRef:
    """The brand with this id, if it is being served. Raises Missing('brand') for unknown, suspended, closing and gone ones."""
    if current_brand() is not None:
        with hub_scope():
            return serving_brand(brand_id)
    brand = Brand.objects.filter(pk=brand_id, state=BrandState.ACTIVE).first()
    if brand is None:
        raise Missing("brand")
    return brand.ref()


def active_brands() -> list[BrandRef]:
    """All brands being served, for sweeps and schedules."""
    return [brand.ref() for brand in Brand.objects.filter(state=BrandState.ACTIVE).order_by("created_at")]


def brands_of(person_id: UUID | None) -> list[BrandRef]:
    """The brands being served in which a person has a place; all for None."""
    if person_id is None:
        return active_brands()
    places = Membership.objects.filter(person_id=person_id, ended_at=None, brand__state=BrandState.ACTIVE)
    return [place.brand.ref() for place in places.select_related("brand").order_by("created_at")]
