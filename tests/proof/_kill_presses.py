"""People who press Submit while the web server is killed under them: over real HTTP, and again when nothing came back."""

import http.client
import secrets
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from tenants.vocabulary import Role
from tests.proof._pages import host_of, signed_in
from tests.world import World

PEOPLE = 3
WAITING = 120
"""So many acts may be under way before the next one is submitted: the web server is wanted until nearly the end."""

Drafts = list[tuple[Any, str]]


class Presses:
    """Threads that submit (item, digest) one after the other. `answers` counts what came back; '' is a line that broke."""

    def __init__(self, world: World, port: int, drafts: Drafts) -> None:
        self.host, self.port = host_of(world), port
        name = settings.SESSION_COOKIE_NAME
        self.session = signed_in(world.people[Role.COMMUNITY_MANAGER], self.host).cookies[name].value
        self.waiting = [(reverse("submit", urlconf="portal.urls_brand", args=[pk]), digest) for pk, digest in drafts]
        self.waiting.reverse()
        self.lock = threading.Lock()
        self.answers, self.pressed, self.settled = Counter[str](), 0, 0
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._press_all, daemon=True) for _ in range(PEOPLE)]
        for thread in self.threads:
            thread.start()

    @property
    def total(self) -> int:
        """How many acts there are to be."""
        with self.lock:
            return self.pressed + len(self.waiting)

    def begin_no_more(self) -> None:
        """Submit what has been begun, and nothing after it."""
        with self.lock:
            self.waiting.clear()

    def end(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)

    def _press_all(self) -> None:
        while not self.stopped.is_set() and (draft := self._next()) is not None:
            while not self.stopped.is_set() and not self._is_taken(*draft):
                time.sleep(0.2)

    def _next(self) -> tuple[str, str] | None:
        while not self.stopped.is_set():
            with self.lock:
                if not self.waiting:
                    return None
                if self.pressed - self.settled < WAITING:
                    self.pressed += 1
                    return self.waiting.pop()
            time.sleep(0.1)
        return None

    def _is_taken(self, address: str, digest: str) -> bool:
        """Whether an answer says that it is submitted: now (303), or by a press whose answer was lost (409)."""
        try:
            said = str(self._press(address, digest))
        except (OSError, http.client.HTTPException):
            said = ""
        with self.lock:
            self.answers[said] += 1
        return said in ("303", "409")

    def _press(self, address: str, digest: str) -> int:
        token = secrets.token_hex(16)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={token}"
        head = {"Host": self.host, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"digest": digest, "csrfmiddlewaretoken": token})
        try:
            line.request("POST", address, body, head)
            answer = line.getresponse()
            answer.read()
            return answer.status
        finally:
            line.close()
