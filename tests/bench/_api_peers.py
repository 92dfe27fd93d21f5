"""The peers of `api`: stock DRF and the usual way by ORM, and FastAPI with SQLAlchemy, in process and in one brand's schema.

Talks JSON lines: the first says which, and where the database is; `{"ask": [what, times]}` answers [wall, client, server]
milliseconds for all of them together. Nothing of the program's is imported.
"""

import asyncio
import io
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIST = "kind=publish&limit=50"
Ask = Callable[[str, int], None]


def spent(pid: int) -> float:
    """Processor milliseconds of the session's server process."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


def body(wall: str) -> bytes:
    return json.dumps(
        {"kind": "publish", "channels": [wall], "text": "Des fraises dès samedi.", "title": "Fraises"}
    ).encode()


# --- Django ---------------------------------------------------------------------------------------------------------------


def django_peer(first: dict[str, Any]) -> tuple[Ask, Callable[[], int]]:
    """Stock: the seven middlewares of a new project, TokenAuthentication by a query, ModelSerializer, pages by number."""
    from django.conf import settings

    settings.configure(
        SECRET_KEY="peer",
        USE_TZ=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="_api_django",
        DATABASES={
            "default": {
                **first["database"],
                "ENGINE": "django.db.backends.postgresql",
                "CONN_MAX_AGE": None,
                "OPTIONS": {"options": f"-c search_path={first['schema']},public"},
            }
        },
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "rest_framework",
        ],
        LOGGING_CONFIG=None,
    )
    import django

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    handler, wall = WSGIHandler(), first["wall"]

    def ask(what: str, times: int) -> None:
        for _ in range(times):
            post = what in {"write", "idiomatic"}
            path = {"list": "/items", "detail": f"/items/{first['one']}", "write": "/items", "idiomatic": "/idiomatic"}[
                what
            ]
            sent = body(wall) if post else b""
            response = handler(
                _environ(path, "POST" if post else "GET", sent, first["token"]), lambda status, headers: None
            )
            assert response.status_code in {200, 201}, (response.status_code, response.content[:300])
            response.close()

    return ask, lambda: connection.connection.info.backend_pid if connection.connection else 0


def _environ(path: str, method: str, sent: bytes, token: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": LIST if path == "/items" and method == "GET" else "",
        "SERVER_NAME": "peer", "SERVER_PORT": "80", "HTTP_HOST": "peer", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/json",
        "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "HTTP_AUTHORIZATION": f"Token {token}",
        "HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex,
    }  # fmt: skip


# --- FastAPI ----------------------------------------------------------------------------------------------------------------


def fastapi_peer(first: dict[str, Any]) -> tuple[Ask, Callable[[], int]]:
    """As its own documents show it: async sessions, typed models in and out, the token looked up by a dependency."""
    import _api_fastapi as peer

    loop = asyncio.new_event_loop()
    app = peer.made(first)

    async def one(method: str, path: str, query: str, sent: bytes) -> None:
        said: list[dict[str, Any]] = []
        waiting = [{"type": "http.request", "body": sent, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)

        headers = [
            (b"host", b"peer"),
            (b"content-type", b"application/json"),
            (b"authorization", f"Token {first['token']}".encode()),
        ]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "headers": headers, "scheme": "http",
            "server": ("peer", 80), "client": ("127.0.0.1", 1), "root_path": "",
        }  # fmt: skip
        await app(scope, receive, send)
        assert said[0]["status"] in {200, 201}, said

    async def many(what: str, times: int) -> None:
        for _ in range(times):
            if what == "list":
                await one("GET", "/items", LIST, b"")
            elif what == "detail":
                await one("GET", f"/items/{first['one']}", "", b"")
            else:
                await one("POST", "/items", "", body(first["wall"]))

    return lambda what, times: loop.run_until_complete(many(what, times)), lambda: loop.run_until_complete(
        peer.backend()
    )


def main() -> None:
    first = json.loads(sys.stdin.readline())
    sys.path.append(str(Path(__file__).parent))  # at its end: `queue` beside this is no module of Python
    ask, backend = {"django": django_peer, "fastapi": fastapi_peer}[first["which"]](first)
    ask("list", 3)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        what, times = json.loads(line)["ask"]
        pid = backend()
        server, wall, client = spent(pid), time.perf_counter(), time.process_time()
        ask(what, times)
        took = (time.perf_counter() - wall) * 1000, (time.process_time() - client) * 1000
        print(json.dumps([*took, spent(pid) - server]), flush=True)


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
