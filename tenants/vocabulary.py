"""The hub's words: the two sides, the roles each may hold, and the life of a brand's space."""

from enum import StrEnum


class Side(StrEnum):
    """Who somebody speaks for inside a brand."""

    BRAND = "brand"
    AGENCY = "agency"


class Role(StrEnum):
    """What somebody is inside one brand. One person holds one role per brand."""

    AGENCY_OWNER = "agency_owner"
    AGENCY_MANAGER = "agency_manager"
    COMMUNITY_MANAGER = "community_manager"
    ANALYST = "analyst"
    BRAND_OWNER = "brand_owner"
    BRAND_MANAGER = "brand_manager"
    APPROVER = "approver"
    AUDITOR = "auditor"
    DEPARTMENT_CONTACT = "department_contact"


ROLES_OF: dict[Side, frozenset[Role]] = {
    Side.AGENCY: frozenset({Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER, Role.ANALYST}),
    Side.BRAND: frozenset({Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.AUDITOR, Role.DEPARTMENT_CONTACT}),
}


class SecondFactor(StrEnum):
    """Of whom a second factor is asked before they come into a brand."""

    NOBODY = "nobody"
    DECIDERS = "deciders"
    EVERYBODY = "everybody"


class BrandState(StrEnum):
    """The life of a brand's space. Only `active` brands are served, and only they run tasks."""

    PROVISIONING = "provisioning"
    BLANK = "blank"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    GONE = "gone"
