"""From a country and its region to dates: the public holidays on which a brand's silence means nothing.

The only place that knows the `holidays` library. It lists what the law of a country says; a brand adds its own days.
"""

from datetime import date
from functools import lru_cache

import holidays

from tenants.errors import Invalid

YEARS_BACK, YEARS_AHEAD = 1, 3


def check_region(country: object, region: object) -> None:
    """Raises Invalid('unknown_country') or Invalid('unknown_region'). An empty country keeps no public holidays."""
    known = holidays.list_supported_countries(include_aliases=False)
    if not isinstance(country, str) or (country and country not in known):
        raise Invalid("unknown_country", field="country")
    if not isinstance(region, str) or (region and region not in known.get(country, ())):
        raise Invalid("unknown_region", field="region")


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """ISO country codes and the codes of their regions that we can tell holidays for."""
    return {code: tuple(regions) for code, regions in holidays.list_supported_countries(include_aliases=False).items()}


@lru_cache(maxsize=512)
def regions_of(country: str) -> dict[str, str]:
    """Code -> the name that the region gives itself, or its code where the library knows no name. Empty for no country."""
    if country not in countries():
        return {}
    names: dict[str, str] = {}
    for name, code in holidays.country_holidays(country).subdivisions_aliases.items():
        names[code] = max(names.get(code, ""), name, key=len)
    return {code: names.get(code, code) for code in countries()[country]}


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The public holidays from the year before `year` to three after it: longer than any window or clock runs."""
    if not country:
        return frozenset()
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=years))
