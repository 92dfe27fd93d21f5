"""What codes are called in what is handed over: states, roles, parts of the briefing. Words only."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.channels.labels import KINDS as NETWORKS

Word = str | Promise
MANDATES: dict[str, Word] = {
    "offered": pgettext_lazy("report", "offered"),
    "active": pgettext_lazy("report", "active"),
    "suspended": pgettext_lazy("report", "suspended"),
    "ended": pgettext_lazy("report", "ended"),
}
CHANNELS: dict[str, Word] = {
    "connected": pgettext_lazy("report", "connected"),
    "broken": pgettext_lazy("report", "broken"),
    "unconfirmed": pgettext_lazy("report", "not confirmed yet"),
    "revoked": pgettext_lazy("report", "revoked"),
}
TALKS: dict[str, Word] = {
    "open": pgettext_lazy("report", "open"),
    "waiting": pgettext_lazy("report", "waits for the member"),
    "snoozed": pgettext_lazy("report", "put off"),
}
WATCHED: dict[str, Word] = {
    "waiting": pgettext_lazy("report", "waits for the brand"),
    "on": pgettext_lazy("report", "on"),
    "paused": pgettext_lazy("report", "paused"),
}
TROUBLES: dict[str, Word] = {
    "failing": pgettext_lazy("report", "cannot be read"),
    "shape": pgettext_lazy("report", "looks different"),
    "silent": pgettext_lazy("report", "silent"),
}
TICKETS: dict[str, Word] = {
    "waiting": pgettext_lazy("report", "waits to be fetched"),
    "accepted": pgettext_lazy("report", "accepted"),
    "answered": pgettext_lazy("report", "answered"),
}
ROLES: dict[str, Word] = {
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
GOAL_PERIODS: dict[str, Word] = {"week": pgettext_lazy("goal", "week"), "month": pgettext_lazy("goal", "month")}
PARTS: dict[str, Word] = {
    "objectives": _("Objectives"),
    "goals": pgettext_lazy("briefing", "Goals"),
    "audience": _("Audience"),
    "tone": _("Tone"),
    "key_facts": _("Key facts"),
    "approved_answers": _("Approved answers"),
    "house_rules": _("House rules"),
    "forbidden_topics": _("Forbidden topics"),
    "sensitive_topics": _("Sensitive topics"),
    "embargoes": _("Embargoes"),
    "watch_list": _("Watch list"),
    "escalation": _("Whom to call"),
    "press_licences": _("What may be quoted of the press"),
    "service": _("How soon members hear from us"),
}
PREFERRED: dict[str, Word] = {
    "email": _("by e-mail"),
    "phone": _("by telephone"),
    "network": _("on a network"),
    "in_person": _("in person"),
}
CONSENTS: dict[str, Word] = {"none": _("not asked"), "given": _("given"), "withdrawn": _("withdrawn")}
MACROS: dict[str, Word] = {
    "pass": pgettext_lazy("report", "passes it on"),
    "take_back": pgettext_lazy("report", "takes it back"),
    "return": pgettext_lazy("report", "gives it back"),
}
DEPARTMENTS: dict[str, Word] = {
    "product": pgettext_lazy("department", "Product"),
    "service": pgettext_lazy("department", "Customer service"),
    "legal": pgettext_lazy("department", "Legal"),
    "press": pgettext_lazy("department", "Press"),
}
SIDES: dict[str, Word] = {"brand": _("brand"), "agency": _("agency"), "house": pgettext_lazy("report", "the house")}
HANDED_OVER: dict[str, Mapping[str, Word]] = {
    "side": SIDES,
    "mandate_state": MANDATES,
    "channel_state": CHANNELS,
    "talk_state": TALKS,
    "source_state": WATCHED,
    "ticket_state": TICKETS,
    "trouble": TROUBLES,
    "role": ROLES,
    "part": PARTS,
    "network": NETWORKS,
    "preferred": PREFERRED,
    "consent": CONSENTS,
    "step": MACROS,
}
"""By the column that has them."""
