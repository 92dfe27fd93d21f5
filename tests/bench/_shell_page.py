"""The page of `request_shell`, the same for all: one row of one table of the brand."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

ONE_ROW = "SELECT title FROM items_item LIMIT 1"


def page(request: HttpRequest) -> HttpResponse:
    """One query, one line."""
    return HttpResponse(f"<p>{title()}</p>")


def title() -> str:
    """The row."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_ROW)
        return str(cursor.fetchone()[0])


urlpatterns = [path("", page)]
