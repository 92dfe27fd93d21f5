"""What stands there for each class while everything is killed: the real programs where they are installed, else fakes.

A: Bluesky's account server. B: WordPress. C: Discourse has no program that could run here, so it is our own after its
documentation, in a process of its own; its file is what a reader would see. D: SMTP into a Dovecot mailbox. A network is
connected like any other channel, and counted from outside: by what it shows to readers, not by what it told us.
"""

import json
import re
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import MemoryPost
from tenants.walls.scope import brand_scope
from tests.channels.fakes.discourse import CATEGORY, KEY, USER
from tests.proof._kill_networks import ask, serving
from tests.systems import ROOT, answers, bluesky, free_port, mail, program, wordpress
from tests.world import World

BLIND = 5.0
"""Seconds for which the forum does not show what it has just taken."""

MEMBER = "membre@example.org"
_COMMENT, _TAG = re.compile(r"<!--.*?-->", re.DOTALL), re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Network:
    """`kind` and `settings` connect it; `more` is what an act over it needs besides its text, where the text is its title;
    `told` gives the texts that are public there, each as often as it is."""

    name: str
    kind: str
    told: Callable[[World], list[str]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    titled: bool = False
    real: bool = False


@contextmanager
def networks(scale: str) -> Iterator[dict[str, Network]]:
    """By class. On the small scale, and where a program cannot be had, a fake; its name says so."""
    with ExitStack() as stack:
        found = {}
        for letter, (system, bring_up) in REAL.items():
            real = scale == "full" and (system is None or _is_there(system))
            found[letter] = stack.enter_context(bring_up() if real else FAKE[letter]())
        yield found


def _is_there(system: ModuleType) -> bool:
    """Installed, now or before. Whatever keeps it from being so is told by the name of the fake in its place."""
    try:
        system.install()
    except Exception as error:
        sys.stderr.write(f"  {system.__name__}: {error}\n")
    return not system.available()


# --- Fakes -------------------------------------------------------------------------------------------------------------


@contextmanager
def _wall() -> Iterator[Network]:
    yield Network("memory wall", "memory", _on_the_wall)


@contextmanager
def _fake(letter: str) -> Iterator[Network]:
    with serving() as port:
        yield Network("fake", f"fake_{letter.lower()}", lambda _: list(ask(port, "told")["texts"]), {"port": port})


def _on_the_wall(world: World) -> list[str]:
    with brand_scope(world.brand):
        return list(MemoryPost.objects.values_list("text", flat=True))


# --- Real programs -----------------------------------------------------------------------------------------------------


@contextmanager
def _bluesky() -> Iterator[Network]:
    with bluesky.running() as running:
        us = running.people["marque"]
        settings = {"site": running.site, "handle": us["handle"], "password": us["password"], "language": "fr"}
        name = f"Bluesky {running.version}"
        yield Network(name, "bluesky", lambda _: _records(running.site, us["did"]), settings, real=True)


def _records(site: str, did: str) -> list[str]:
    """The posts in the account's repository, page by page."""
    texts: list[str] = []
    cursor = ""
    while True:
        params = {"repo": did, "collection": "app.bsky.feed.post", "limit": "100"} | (
            {"cursor": cursor} if cursor else {}
        )
        found = json.loads(_get(f"{site}/xrpc/com.atproto.repo.listRecords?{urllib.parse.urlencode(params)}"))
        texts += [record["value"]["text"] for record in found["records"]]
        cursor = found.get("cursor", "")
        if not cursor or not found["records"]:
            return texts


@contextmanager
def _wordpress() -> Iterator[Network]:
    with wordpress.running() as running:
        settings = {"site": running.url, "user": "editor", "password": running.passwords["editor"]}
        name = f"WordPress {running.version}"
        yield Network(name, "wordpress", lambda _: _posts(running.url), settings, titled=True, real=True)


def _posts(site: str) -> list[str]:
    """What anybody may read, but for the post that every new site has."""
    texts: list[str] = []
    page = 1
    while True:
        try:
            found = json.loads(_get(f"{site}/?rest_route=/wp/v2/posts&per_page=100&page={page}&_fields=id,content"))
        except urllib.error.HTTPError as beyond:
            if beyond.code != 400:  # what WordPress says to a page after the last one
                raise
            return texts
        texts += [_plain(post["content"]["rendered"]) for post in found if post["id"] != 1]
        page += 1


@contextmanager
def _discourse() -> Iterator[Network]:
    with tempfile.TemporaryDirectory() as folder:
        port, file = free_port(), Path(folder) / "forum.json"
        command = [sys.executable, "-m", "tests.channels.fakes.discourse"]
        command += ["--port", str(port), "--file", str(file), "--delay", str(BLIND)]
        with program(command, lambda: answers(port), Path(folder) / "forum.log", cwd=ROOT):
            settings = {"site": f"http://127.0.0.1:{port}", "user": USER, "api_key": KEY, "category": CATEGORY}
            name = "Discourse after its documentation"
            yield Network(name, "discourse", lambda _: _topics(file), settings, titled=True)


def _topics(file: Path) -> list[str]:
    """What the forum keeps, and what it was offered a second time: a real one, too, might not notice that."""
    if not file.exists():
        return []
    kept = json.loads(file.read_text())
    return [_plain(post["raw"]) for post in kept["posts"].values()] + [_plain(raw) for raw in kept["repeats"]]


@contextmanager
def _mail() -> Iterator[Network]:
    with mail.running() as running:
        settings = {"host": "127.0.0.1", "port": running.smtp, "tls": "none", "from_address": "bonjour@example.org"}
        more = {"kind": ActionKind.DIRECT_MESSAGE, "recipient": MEMBER}
        name = f"SMTP into Dovecot {running.version}"
        yield Network(name, "email", lambda _: _letters(running), settings, more, titled=True, real=True)


def _letters(running: mail.Mail) -> list[str]:
    return [str(letter["Subject"]) for letter in running.inbox(MEMBER)]


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as reply:
        return bytes(reply.read())


def _plain(shown: str) -> str:
    return unescape(_TAG.sub("", _COMMENT.sub("", shown))).strip()


REAL: dict[str, tuple[ModuleType | None, Callable[[], Any]]] = {
    "A": (bluesky, _bluesky),
    "B": (wordpress, _wordpress),
    "C": (None, _discourse),
    "D": (mail, _mail),
}
FAKE: dict[str, Callable[[], Any]] = {
    "A": _wall,
    "B": lambda: _fake("B"),
    "C": lambda: _fake("C"),
    "D": lambda: _fake("D"),
}
