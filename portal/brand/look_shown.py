"""A look on a page: its colours as a sheet of their own (a page's policy allows no style inside it), its mark as an address.

The sheet says what its address says and nothing else, so it needs no door.
"""

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.urls import reverse

from portal.brand.paper import language_of_paper
from reports.rendering.errors import BadColour
from reports.rendering.look import OF_TEXT, Look, contrast, readable, tint
from reports.rendering.typography import number

SHEET = ":root{{--worn:{main};--worn-second:{second};--worn-wash:{wash};--worn-line:{line}}}\n"
A_DAY = 86_400
WASH, LINE = 0.07, 0.28


@dataclass(frozen=True, slots=True)
class ShownLook:
    """`sheet`: the address of its colours. `mark`: the mark as an address, '' for the name in letters."""

    name: str
    sheet: str
    mark: str
    alternative: str
    colour: str
    second: str
    main_has: str
    second_has: str


def shown_look(look: Look) -> ShownLook:
    """A look whose colours are checked."""
    colours = urlencode({"main": look.colour[1:], "second": look.second[1:]})
    return ShownLook(
        look.name,
        f"{reverse('look_sheet')}?{colours}",
        mark_address(look.logo),
        look.alternative or look.name,
        look.colour,
        look.second,
        number(contrast(look.colour), language_of_paper(), 1),
        number(contrast(look.second), language_of_paper(), 1),
    )


def mark_address(mark: bytes | None) -> str:
    """Of a mark as it is kept: a drawing of shapes or a PNG. As an image neither can do anything."""
    if not mark:
        return ""
    kind = "image/svg+xml" if mark.lstrip()[:1] == b"<" else "image/png"
    return f"data:{kind};base64,{b64encode(mark).decode()}"


def sheet(request: HttpRequest) -> HttpResponse:
    """The colours `main` and `second`, six hex digits each, as variables of a sheet.

    INVARIANT: kept by a browser alone: any answer to somebody who is signed in may renew the cookie of their session.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    try:
        main, second = (readable(f"#{request.GET.get(name, '')}", OF_TEXT) for name in ("main", "second"))
    except BadColour:
        return HttpResponseNotFound()
    text = SHEET.format(main=main, second=second, wash=tint(main, WASH), line=tint(main, LINE))
    response = HttpResponse(text, content_type="text/css")
    response["Cache-Control"] = f"private, max-age={A_DAY}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
