"""The press review on paper: what its page shows, as a PDF; it leaves with a line in the ledger."""

from hashlib import sha256
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from clients.press.access import access_review
from clients.press.actions import hand_out_review
from portal.brand.log_pdf import plain_pdf
from portal.brand.press import groups_of, notes_of, review, span_of
from portal.handing_out import to_keep
from portal.pages import brand_act
from portal.times import exact
from tenants.walls.scope import brand_scope


@brand_act(again=review)
def printed(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """A file for the person who asks. Conflict('pdf_impossible') on a machine that cannot draw text."""
    with brand_scope(request.brand):
        found = access_review(request.actor, review_id)
        context = {
            "brand": request.brand.name,
            "span": span_of(found),
            "groups": groups_of(found),
            "notes": notes_of(request),
            "made": exact(timezone.now()),
            "language": get_language(),
        }
        content = plain_pdf(render_to_string("print/review.html", context))
        name = f"press-{found.until:%Y-%m-%d}.pdf"
    hand_out_review(request.actor, review_id=review_id, digest=sha256(content).hexdigest())
    return to_keep(content, "application/pdf", name)
