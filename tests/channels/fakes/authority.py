"""A small authorisation server on loopback: it keeps to RFC 6749, 7636 and 7009, and notes whatever did not."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


@dataclass
class Authority:
    """What it has handed out. Refresh tokens work once, codes work once."""

    port: int = 0
    apps: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    renewals: int = 0
    calls: int = 0
    lasts: int | None = 3600
    scopes: str = "read write"
    broken: int = 0  # a status that it answers to everything
    slow: threading.Event | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def agree(self, address: str) -> dict[str, str]:
        """What a person does on the authorize page: the query with which they are sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        app = self.apps[asked["client_id"]]
        assert asked["redirect_uri"] == app["redirect_uris"], "the redirect address is exact"
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and asked["state"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        self.calls += 1
        if self.broken:
            return self.broken, {"error": "nothing you should read: pa55-that-must-never-show"}
        if self.slow is not None:
            self.slow.wait(5)
        with self.lock:
            return getattr(self, path.strip("/"))(form, bearer)

    def register(self, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        name = secrets.token_hex(4)
        self.apps[name] = form | {"secret": secrets.token_hex(8)}
        return 200, {"client_id": name, "client_secret": self.apps[name]["secret"]}

    def token(self, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        if self.apps.get(form["client_id"], {}).get("secret") != form.get("client_secret"):
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh:
                return 400, {"error": "invalid_grant"}
            self.refresh.remove(form["refresh_token"])
            self.renewals += 1
            return 200, self._tokens()
        asked = self.codes.pop(form["code"], None)
        hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if asked is None or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens()

    def revoke(self, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        self.revoked.append(form["token"])
        self.refresh.discard(form["token"])
        return 200, {}

    def me(self, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        if bearer not in self.access:
            return 401, {"error": "pa55-that-must-never-show"}
        return 200, {"handle": "@maison", "scopes": self.scopes.split()}

    def _tokens(self) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        self.access.add(access)
        self.refresh.add(refresh)
        found: dict[str, Any] = {"access_token": access, "scope": self.scopes, "token_type": "Bearer"}
        return found | ({"refresh_token": refresh, "expires_in": self.lasts} if self.lasts else {})


@contextmanager
def running() -> Iterator[Authority]:
    authority = Authority()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
            self._say({name: values[0] for name, values in parse_qs(body).items()})

        def do_GET(self) -> None:
            self._say({})

        def _say(self, form: dict[str, str]) -> None:
            bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
            status, said = authority.answer(urlsplit(self.path).path, form, bearer)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def address_back(authority: Authority, query: dict[str, str]) -> str:
    """Where the person is sent with it: to the address that was asked for, as far as it stands behind the host."""
    return f"{urlsplit(authority.codes[query['code']]['redirect_uri']).path}?{urlencode(query)}"
