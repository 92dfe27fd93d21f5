"""What somebody typed, kept over the step in between in which they prove who they are: ten minutes, for one page, no secret."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from clients.channels.queries import secret_names

KEY = "typed"
LASTS = timedelta(minutes=10)
LONGEST = 50_000
_NEVER = {"csrfmiddlewaretoken", "password", "seen", "digest"}


def keep_typed(request: HttpRequest, page: str) -> None:
    """Keep the form of this press for when `page` is opened again. Credentials are typed once more."""
    never = _NEVER | secret_names()
    typed = request.POST.copy()
    for name in set(typed) & never:
        del typed[name]
    written = typed.urlencode()
    if written and len(written) <= LONGEST:
        at = timezone.now().timestamp()
        request.session[KEY] = {"host": request.get_host(), "path": urlsplit(page).path, "typed": written, "at": at}


def bring_back(request: HttpRequest) -> None:
    """The page that was left for the proof is opened again: what was typed there stands in `request.POST`, once."""
    found = request.session.get(KEY)
    if request.method != "GET" or not found or (found["host"], found["path"]) != (request.get_host(), request.path):
        return
    del request.session[KEY]
    if timezone.now().timestamp() - found["at"] <= LASTS.total_seconds():
        request.POST = QueryDict(found["typed"])
