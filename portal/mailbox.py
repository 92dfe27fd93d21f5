"""The mailbox of one's own machine: the letters that `make run` caught instead of sending. Only there while it runs."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from portal.pages import hub_page, render


def mailbox_runs() -> bool:
    """Whether this installation catches its own mail."""
    return getattr(settings, "MAILBOX_MESSAGES", None) is not None


@hub_page
def mailbox(request: HttpRequest) -> HttpResponse:
    """The letters, newest first."""
    letters = settings.MAILBOX_MESSAGES
    if letters is None:
        raise Http404
    return render(request, "hub/mailbox.html", {"letters": letters()})
