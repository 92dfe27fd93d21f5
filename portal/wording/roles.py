"""Words for sides and roles."""

from django.utils.translation import gettext_lazy as _

SIDES = {"brand": _("brand"), "agency": _("agency"), "None": _("Relais")}

SECOND_FACTORS = {
    "nobody": _("nobody"),
    "deciders": _("whoever approves, signs or leads: owners and managers of both sides, and approvers"),
    "everybody": _("everybody"),
}

ROLES = {
    "agency_owner": _("agency owner"),
    "agency_manager": _("agency manager"),
    "community_manager": _("community manager"),
    "analyst": _("analyst"),
    "brand_owner": _("brand owner"),
    "brand_manager": _("brand manager"),
    "approver": _("approver"),
    "auditor": _("auditor"),
    "department_contact": _("department contact"),
}
