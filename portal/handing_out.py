"""Handing out files, after the page has asked who reads: as bytes; or a stored one by telling the web server where it lies.

INVARIANT: the address that is told (`X-Accel-Redirect`) is one that only that server can open; browsers never see it.
"""

from django.conf import settings
from django.http import HttpResponse

from clients.items.files import bytes_of
from clients.items.models import Media


def handed_out(found: Media) -> HttpResponse:
    """The file, never taken by a browser for anything else. Without a server in front its digest is compared first."""
    if settings.FILES_ACCEL:
        response = HttpResponse(content_type=found.mime)
        response["X-Accel-Redirect"] = f"{settings.FILES_ACCEL}{found.file.name}"
    else:
        response = HttpResponse(bytes_of(found), content_type=found.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f"inline; filename={found.digest[:16]}"
    return response


def to_keep(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file made for this answer, to keep under a name; never taken by a browser for anything else."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
