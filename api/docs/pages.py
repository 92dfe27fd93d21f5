"""The pages of the documentation. They are the same for everybody, ask nobody who they are, and run no script.

`?language=fr` and `?language=en` choose for one answer, and go with the links; without it the reader's browser says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from api.docs import reference
from api.docs.tables import errors_shown, over_brands_shown, resources_shown, scopes_shown


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the name in its address, and what it is called. `within`: the page of the navigation that leads to it."""

    name: str
    title: str | Promise
    within: str = ""


GROUPS: tuple[tuple[str | Promise, tuple[Page, ...]], ...] = (
    (
        _("To begin"),
        (
            Page("", _("The API of this brand")),
            Page("quickstart", _("Quickstart")),
            Page("sandbox", _("A sandbox")),
        ),
    ),
    (
        _("What it is for"),
        (
            Page("sync-contacts", _("Keep contacts in step")),
            Page("approve", _("Approve from your own system")),
            Page("conversations", _("Watch a conversation")),
            Page("webhooks", _("Receive webhooks")),
            Page("over-brands", _("Over several brands")),
        ),
    ),
    (
        _("To look up"),
        (
            Page("conventions", _("What holds everywhere")),
            Page("resources", _("Resources")),
            Page("reference", _("Reference")),
            Page("scopes", _("Scopes")),
            Page("errors", _("Errors")),
            Page("changelog", _("What changed")),
        ),
    ),
)
"""The pages as the navigation beside each of them shows them."""
PAGES: tuple[Page, ...] = tuple(page for _group, pages in GROUPS for page in pages)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
CLOSED = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "script-src": [NONE],
    "connect-src": [NONE],
}
GENERATED: Mapping[str, Any] = {
    "errors": errors_shown,
    "scopes": scopes_shown,
    "resources": resources_shown,
    "over-brands": over_brands_shown,
    "reference": reference.contents,
}
"""Pages that are drawn from the program itself."""


@csp_replace(
    {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [NONE],
        "connect-src": [NONE],
    }
)
@require_safe
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """One page in the language that was asked for."""
    found = next((one for one in PAGES if one.name == name), None) or _of_reference(name)
    if found is None:
        raise Http404
    asked = request.GET.get("language", "")
    with override(asked if asked in LANGUAGES else get_language()):
        return _drawn(request, found, asked if asked in LANGUAGES else "")


def _of_reference(name: str) -> Page | None:
    """One part of the reference."""
    part = name.removeprefix("reference-")
    return Page(name, part, within="reference") if name != part and part in reference.names() else None


def _drawn(request: HttpRequest, found: Page, asked: str) -> HttpResponse:
    here = request.build_absolute_uri(reverse("api_docs")).removesuffix("/docs/")
    table = GENERATED.get(found.name)
    context = {
        "title": found.title,
        "here": found.name,
        "part": reference.part(str(found.title)) if found.within else None,
        "pages": [
            (group, [(address(one.name), one.title, one.name == (found.within or found.name)) for one in pages])
            for group, pages in GROUPS
        ],
        "suffix": f"?language={asked}" if asked else "",
        "languages": settings.LANGUAGES,
        "base": here,
        "host": here.removesuffix("/api/v1"),
        "agency": f"{settings.PUBLIC_SCHEME}://{settings.PUBLIC_AUTHORITY}/api/v1",
        "brand": getattr(request, "brand", None),
        "rows": table() if table else (),
    }
    name = "reference-part" if found.within else found.name or "index"
    response = render(request, f"api/docs/{name}.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def address(name: str) -> str:
    """Where a page is."""
    return reverse("api_docs_page", args=[name]) if name else reverse("api_docs")
