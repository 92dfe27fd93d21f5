"""The page of `request_shell`, the same for all: one row of one table of the brand."""

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

SOMEBODY = UUID(int=7)
ONE_ROW = "SELECT title FROM items_item LIMIT 1"


def page(request: HttpRequest) -> HttpResponse:
    """One query, one line."""
    return HttpResponse(f"<p>{title()}</p>")


def title() -> str:
    """The row."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_ROW)
        return str(cursor.fetchone()[0])


def page_of_a_member(request: HttpRequest) -> HttpResponse:
    """Stock django-tenants alone: the same for somebody whose place is looked up, in the public schema of the search path."""
    from _shell_app.models import Member  # type: ignore[import-not-found]

    found = Member.objects.filter(client=request.tenant, person_id=SOMEBODY, ended_at=None)  # type: ignore[attr-defined]
    assert found.values_list("person_id", "name", "side", "role").first() is not None
    return page(request)


urlpatterns = [path("", page), path("member", page_of_a_member)]
