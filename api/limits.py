"""How often a key may ask: so many requests a minute over all processes, told in every answer (RateLimit headers of the IETF).

The count is a row that every process adds to. A process takes a handful of requests at a time, so most requests cost no query;
what it took and did not use is lost with the minute. So a key may get a little less than its number, and never more.
"""

import threading
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from api.problems import Problem
from clients.disclosure.steps import tally
from tenants.walls.scope import brand_scope

WINDOW = 60
KIND = "api.requests"

_taken: dict[str, tuple[int, int, int]] = {}
"""By key: (the window, requests that this process still has, requests that are left for all)."""
_lock = threading.Lock()


def count(request: Any) -> None:
    """One request more; outside every scope, so that it is committed whatever becomes of the request. Raises Problem(429)."""
    if is_counted(request):  # by another that asked meanwhile, too
        return
    most, now = int(settings.API_REQUESTS_A_MINUTE), int(time.time())
    window, about = now - now % WINDOW, str(request.grant.key_id)
    request.rate = (most, 0, WINDOW - now % WINDOW)
    handful = max(1, most // 20)
    used = _add(request, about, window, handful)
    mine = min(handful, most - (used - handful))
    if mine <= 0:
        seconds = WINDOW - now % WINDOW
        raise Problem(429, "too_many_requests", headers={"Retry-After": str(seconds)}, seconds=seconds)
    left = max(0, most - used)
    with _lock:
        if len(_taken) > 10_000:
            _taken.clear()
        _taken[about] = (window, mine - 1, left)
    request.rate = (most, left + mine - 1, WINDOW - now % WINDOW)


def is_counted(request: Any) -> bool:
    """One request more of those that this process still has, without a query; whether there was one."""
    most, now = int(settings.API_REQUESTS_A_MINUTE), int(time.time())
    if not most:
        return True
    window, about = now - now % WINDOW, str(request.grant.key_id)
    with _lock:
        known, mine, left = _taken.get(about, (0, 0, 0))
        if known != window or mine <= 0:
            return False
        _taken[about] = (window, mine - 1, left)
    request.rate = (most, left + mine - 1, WINDOW - now % WINDOW)
    return True


def _add(request: Any, about: str, window: int, handful: int) -> int:
    with brand_scope(request.brand):
        return tally(KIND, about, datetime.fromtimestamp(window, UTC), by=handful)


def say(request: Any, response: HttpResponse) -> None:
    """The headers, where a key was counted."""
    rate = getattr(request, "rate", None)
    if rate is not None:
        most, left, seconds = rate
        response.headers["RateLimit-Policy"] = f'"key";q={most};w={WINDOW}'
        response.headers["RateLimit"] = f'"key";r={max(0, left)};t={seconds}'
