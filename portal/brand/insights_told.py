"""'You said, we did': what the brand let out for this list, as a page and as a table to take home."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.insights.models import Released
from clients.insights.queries import ToldLine, told_lines
from clients.items.tables import table_pieces
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.pages import brand_page, render
from portal.times import exact, when
from portal.wording import badge, word
from portal.wording.insights import DECISIONS

HEADS = ("released", "theme", "you_said", "we_did", "decision")


@brand_page
def told(request: HttpRequest) -> HttpResponse:
    """By theme, the newest line first."""
    require(request.actor, Verb.INSIGHT_READ)
    groups: dict[str, list[dict[str, object]]] = {}
    for one in told_lines():
        groups.setdefault(one.theme, []).append(_line(one))
    context = {
        "groups": [(theme or _("Without a theme"), lines) for theme, lines in groups.items()],
        "may_release": may(request.actor.role, Verb.INSIGHT_RELEASE),
    }
    return render(request, "brand/insights_told.html", context)


@brand_page
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table. That it was taken home stands in the ledger before it is."""
    require(request.actor, Verb.INSIGHT_READ)
    lines = told_lines()
    table = b"".join(table_pieces(HEADS, (_cells(one) for one in lines)))
    ids = tuple(one.insight for one in lines)
    what = Matter(Released._meta.label_lower, ids, InfoClass.SHARED, sha256(table).hexdigest(), len(lines))
    disclose(request.actor, way=Way.CSV, to=Recipient.person(request.actor), what=what, why="downloaded")
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.brand.slug}-you-said-we-did.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _line(one: ToldLine) -> dict[str, object]:
    state = badge(DECISIONS, one.decision) if one.decision else None
    return {"insight": one.insight, "said": one.said, "did": one.did, "decision": state, "at": when(one.at)}


def _cells(one: ToldLine) -> list[str]:
    return [exact(one.at), one.theme, one.said, one.did, word({k: v[2] for k, v in DECISIONS.items()}, one.decision)]
