"""What somebody typed, kept over the step in between in which they prove who they are: ten minutes, for one page, no secret.

It is given back to the person who typed it alone: after an idle end, somebody else may sign in at the same browser.
"""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from clients.channels.queries import secret_names

KEY = "typed"
LASTS = timedelta(minutes=10)
LONGEST = 50_000
_NEVER = {"csrfmiddlewaretoken", "password", "seen", "digest"}


def keep_typed(request: HttpRequest, page: str, *, whose: UUID | None = None) -> None:
    """Keep the form of this press for when `page` is opened again. Credentials are typed once more."""
    person = whose or request.user.pk
    never = _NEVER | secret_names()
    typed = request.POST.copy()
    for name in set(typed) & never:
        del typed[name]
    written = typed.urlencode()
    if written and len(written) <= LONGEST:
        at = timezone.now().timestamp()
        place = {"host": request.get_host(), "path": urlsplit(page).path, "whose": str(person)}
        request.session[KEY] = place | {"typed": written, "at": at}


def bring_back(request: HttpRequest) -> None:
    """The page that was left for the proof is opened again: what was typed there stands in `request.POST`, once."""
    found = request.session.get(KEY)
    if request.method != "GET" or not found or not request.user.is_authenticated:
        return
    here = (request.get_host(), request.path, str(request.user.pk))
    if (found["host"], found["path"], found.get("whose")) != here:
        return
    del request.session[KEY]
    if timezone.now().timestamp() - found["at"] <= LASTS.total_seconds():
        request.POST = QueryDict(found["typed"])
