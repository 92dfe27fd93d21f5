"""The look in force, and a kept one as paper wears it. Inside the brand's scope."""

from reports.looks.models import BrandLook
from reports.rendering.look import Look


def look_in_force() -> BrandLook | None:
    """The newest; None for a brand that has set none: its paper looks like the house."""
    return BrandLook.objects.order_by("-at", "-id").first()


def worn(kept: BrandLook | None, name: str) -> Look:
    """As a document takes it; `name` of the brand stands in letters where there is no mark."""
    if kept is None:
        return Look(name)
    return Look(name, kept.colour, kept.second, bytes(kept.logo) or None, kept.alternative)
