"""Feeds of the world are read; what real systems say arrives as mentions within one period; a silent source is told in time.

Small: feeds of our own writing, one for each way in which a feed can be right, wrong or hostile. Full: besides, the feeds with
which feedparser tests itself, out of its source package (BSD). Counted: documents that are feeds, entries, failures by name;
no error, every entry with a name that is the same the second time, no date where none is told, nothing new by a second look,
no script in any text. Then systems on loopback, each asked by the product's own look at its own period: a Mastodon of our own
writing, and, where this machine has them, WordPress comments, a Dovecot mailbox and the Bluesky network: notifications and
timelines. What somebody says there must be a mention after one look; the mailbox is also read with TLS, and not where nobody
vouches for its certificate. And sources of several rhythms go silent: told once, within their own period after the next entry was
due, and never before.

Seen to fall short when: the quick reader's dates were believed (a '7' in an id became the seventh of this month), the second look
began at the beginning with names made of places, a burst of entries taught that silence lasts minutes.
"""

import json
import os
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import propose_briefing
from clients.briefings.queries import briefing_in_force
from clients.channels.actions import connect_channel
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.mentions.models import Mention
from clients.people.actor import process_of
from clients.sources.actions import add_source, look_at_source
from clients.sources.kinds import mailbox
from clients.sources.models import Source
from clients.sources.parsing import Parsed, parse_feed
from clients.sources.port import Ask
from clients.sources.rules import Signs, Trouble, trouble_of, with_moments
from tenants.walls.scope import brand_scope
from tests.proof._feeds import own_feeds
from tests.proof._package import source_package
from tests.proof._scene import scene
from tests.sources.serving import site
from tests.systems import bluesky, mail, wordpress
from tests.world import World

NOW = datetime.now(UTC)
BASE = "https://feed.example/feed.xml"
MARK = "Une question de Léa"
_SCRIPT = re.compile(r"<script|javascript:\s*alert|onerror\s*=", re.IGNORECASE)
_TELLS_NO_DATE = re.compile(rb"date|published|updated|issued|created|modified|lastmod|dc:|dcterms", re.IGNORECASE)


def run(scale: str) -> tuple[str, bool]:
    """Feeds, systems, silence."""
    corpus = [(name, data) for name, data, _ in own_feeds()]
    short = [f"{name}: {found} of {wanted}" for name, data, wanted in own_feeds() if (found := _count(data)) != wanted]
    if scale == "full":
        corpus += list(_feedparsers_own())
    counts, failures = _read_all(corpus)
    arrived, absent = _systems(scale)
    told, early, late = _silence()
    for line in (*failures[:8], *short, *absent):
        print(f"  {line}")
    missing = [name for name, came in arrived.items() if not came]
    figures = (
        f"{counts['documents']:,} documents: {counts['feeds']:,} are feeds with {counts['entries']:,} entries, "
        f"{counts['not_a_feed']:,} are none or hold none, {counts['feed_broken']:,} damaged and read as far as they go; "
        f"{len(failures)} broken promises, {len(short)} of our own read short; within one look: {', '.join(arrived) or 'nobody'}"
        f"{f' (not: {missing})' if missing else ''}; not here: {len(absent)}; "
        f"silence: {told} sources told once, {early} too early, {late} too late"
    )
    return figures, not failures and not short and not missing and bool(arrived) and not early and not late and told > 0


def _count(data: bytes) -> int:
    return len(parse_feed(data, base=BASE, now=NOW).raws)


def _read_all(corpus: list[tuple[str, bytes]]) -> tuple["Counter[str]", list[str]]:
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for name, data in corpus:
        counts["documents"] += 1
        try:
            first, second = (parse_feed(data, base=BASE, now=NOW) for _ in range(2))
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__} {error!s:.80}")
            continue
        counts["feeds" if first.raws else "not_a_feed"] += 1
        counts["entries"] += len(first.raws)
        counts["feed_broken"] += first.problem == "feed_broken"
        failures += [f"{name}: {wrong}" for wrong in _broken(data, first, second)]
    return counts, failures


def _broken(data: bytes, first: Parsed, second: Parsed) -> Iterator[str]:
    names = {raw.own_id for raw in first.raws}
    if len(names) != len(first.raws) or "" in names:
        yield "a name is missing or there twice"
    if names != {raw.own_id for raw in second.raws}:
        yield "the second look brings something new"
    if any(_SCRIPT.search(raw.text) for raw in first.raws):
        yield "a script is kept"
    if not _TELLS_NO_DATE.search(data.replace(b"\0", b"")) and any(raw.published_at for raw in first.raws):
        yield "a date where none is told"


def _feedparsers_own() -> Iterator[tuple[str, bytes]]:
    """The test feeds in feedparser's source package, of the version that is locked."""
    with tarfile.open(source_package("feedparser")) as package:
        for member in package.getmembers():
            if member.isfile() and "/tests/" in member.name and member.name.endswith((".xml", ".json")):
                file = package.extractfile(member)
                if file is not None:
                    yield Path(member.name).name, file.read()


# --- Systems -----------------------------------------------------------------------------------------------------------


def _systems(scale: str) -> tuple[dict[str, bool], list[str]]:
    """(by system, whether what was said there is a mention after one look; what is not on this machine)."""
    arrived = {"Mastodon (our own)": _mastodon(_watching(scene()))}
    absent, other = [], _watching(scene(slug="maison-b"))
    wanted: dict[str, tuple[Any, Callable[[World, Any], bool]]] = {
        "Dovecot": (mail, _mailbox),
        "WordPress": (wordpress, _wordpress),
        "Bluesky": (bluesky, _bluesky),
    }
    for name, (system, said_there) in wanted.items():
        if scale == "full":
            system.install()
        if lacking := system.available():
            absent.append(f"{name}: {lacking}")
        elif scale == "full":
            with ExitStack() as stack:
                running = stack.enter_context(system.running())
                arrived[name] = said_there(other, running)
    return arrived, absent


def _watching(world: World) -> World:
    """Of a timeline only that is kept which the watch list names."""
    watched = {"watch_list": [{"label": "Léa", "phrases": "question de Léa"}]}
    with brand_scope(world.brand):
        found = briefing_in_force()
    if found is None or not found.sections.get("watch_list"):
        propose_briefing(actor=world.owner, base=found.number if found else 0, changes=watched)
    return world


def _mastodon(world: World) -> bool:
    """A notification and a timeline of a server that speaks the public API."""
    status = {
        "id": "7",
        "uri": "https://social.example/7",
        "content": f"<p>{MARK}</p>",
        "account": {"acct": "lea@social.example"},
        "created_at": NOW.isoformat(),
    }
    with site() as web:
        web.pages["/api/v1/accounts/verify_credentials"] = _json({"id": "1", "acct": "marque"})
        web.pages["/api/v1/notifications"] = _json([{"id": "9", "type": "mention", "status": status}])
        web.pages["/api/v1/timelines/home"] = _json([status | {"id": "8", "uri": "https://social.example/8"}])
        settings = {"site": web.url, "access_token": "t", "visibility": "public"}
        channel = connect_channel(actor=world.owner, kind="mastodon", name="Mastodon", settings=settings)
        kinds = [{"what": what, "tag": ""} for what in ("notifications", "home")]
        return sum(_arrives(world, "mastodon", settings, channel.pk) for settings in kinds) == len(kinds)


def _mailbox(world: World, running: Any) -> bool:
    """In clear, as one's own machine may; with TLS from the beginning and after STARTTLS; and not where nobody vouches for it."""
    import smtplib

    with smtplib.SMTP("127.0.0.1", running.smtp) as line:
        head = "From: lea@example.org\r\nTo: ecoute@example.org\r\nSubject: Question\r\nContent-Type: text/plain; charset=utf-8"
        line.sendmail("lea@example.org", "ecoute@example.org", f"{head}\r\n\r\n{MARK}\r\n".encode())
    come = _arrives(world, "mailbox", _mail(running.imap, "none"))
    strangers = [
        _read_mail(_mail(port, tls)) for port, tls in ((running.imaps, "implicit"), (running.imap, "starttls"))
    ]
    with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(running.trusted)}):
        known = [
            _read_mail(_mail(port, tls)) for port, tls in ((running.imaps, "implicit"), (running.imap, "starttls"))
        ]
    return come and strangers == ["certificate_refused"] * 2 and known == [""] * 2


def _mail(port: int, tls: str) -> dict[str, Any]:
    where = {"host": "127.0.0.1", "port": str(port), "tls": tls, "user": "ecoute@example.org", "folder": "INBOX"}
    return where | {"password": mail.PASSWORD}


def _read_mail(settings: dict[str, Any]) -> str:
    """'' where one look brings the words, else why not."""
    since, until = NOW - timedelta(days=1), time.monotonic() + 20
    ask = Ask(
        settings=settings | {"port": int(settings["port"])}, secret=Secrets(settings), since=since, now=NOW, until=until
    )
    try:
        return "" if any(MARK in raw.text for raw in mailbox.read(ask).raws) else "not there"
    except SendFailed as failure:
        return failure.code


def _wordpress(world: World, running: Any) -> bool:
    from clients.channels.wordpress.site import Site

    settings = {"site": running.url, "user": "chief", "password": running.passwords["chief"]}
    channel = connect_channel(actor=world.owner, kind="wordpress", name="Blog", settings=settings)
    chief = Site(settings, Secrets(settings), time.monotonic() + 20)
    said = {"post": 1, "content": MARK, "author_name": "Léa", "author_email": "lea@example.org"}
    chief.tell("comments", said, effect=True)
    return _arrives(world, "wordpress", {}, channel.pk)


def _bluesky(world: World, running: Any) -> bool:
    from clients.channels.bluesky.xrpc import log_in

    ours, theirs = running.people["marque"], running.people["amie"]
    settings = {"site": running.site, "handle": ours["handle"], "password": ours["password"]}
    channel = connect_channel(actor=world.owner, kind="bluesky", name="Bluesky", settings=settings)
    session = log_in({"site": running.site, "handle": theirs["handle"]}, Secrets(theirs), time.monotonic() + 20)
    text = f"@{ours['handle']} {MARK}"
    facet = {
        "index": {"byteStart": 0, "byteEnd": len(ours["handle"]) + 1},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": ours["did"]}],
    }
    record = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "facets": [facet],
        "createdAt": datetime.now(UTC).isoformat(),
    }
    session.do(
        "com.atproto.repo.createRecord",
        {"repo": session.did, "collection": "app.bsky.feed.post", "record": record},
    )
    asked = {"what": "notifications", "author": ""}, {"what": "author", "author": theirs["handle"]}
    return sum(_comes_soon(world, _source(world, "bluesky", settings, channel.pk)) for settings in asked) == len(asked)


def _comes_soon(world: World, source: Source) -> bool:
    """The network takes a moment to tell the other side; a period of the product is ten minutes."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if _looked(world, source):
            return True
        time.sleep(1)
    return False


def _arrives(world: World, kind: str, settings: dict[str, Any], channel_id: Any = None) -> bool:
    source = _source(world, kind, settings, channel_id)
    came = _looked(world, source)
    _looked(world, source)
    with brand_scope(world.brand):
        return came and Mention.objects.filter(source=source.pk, text__contains=MARK).count() == 1


def _source(world: World, kind: str, settings: dict[str, Any], channel_id: Any) -> Source:
    name = f"Source {kind} {settings.get('what', '')}".strip()
    return add_source(actor=world.owner, kind=kind, name=name, settings=settings, channel_id=channel_id)


def _looked(world: World, source: Source) -> bool:
    """One look by a worker, as at each period; whether the words are there."""
    from django.core.cache import cache

    cache.clear()
    look_at_source(actor=process_of(world.brand, EntryPoint.WORKER, "sources"), source_id=source.pk)
    with brand_scope(world.brand):
        return Mention.objects.filter(source=source.pk, text__contains=MARK).exists()


def _json(said: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()


# --- Silence -----------------------------------------------------------------------------------------------------------

HOUR = timedelta(hours=1)
RHYTHMS: dict[str, list[timedelta]] = {
    "hourly": [HOUR],
    "every six hours": [6 * HOUR],
    "a daily paper": [24 * HOUR],
    "working days": [24 * HOUR] * 4 + [72 * HOUR],
    "weekly": [168 * HOUR],
    "with its nights": [HOUR] * 14 + [10 * HOUR],
    "in bursts": [timedelta(minutes=1)] * 9 + [48 * HOUR],
    "a little early, a little late": [20 * HOUR, 28 * HOUR, 22 * HOUR, 26 * HOUR],
}


def _silence() -> tuple[int, int, int]:
    """(sources told once, sources told before the next entry was late, sources told after their own period had passed again)."""
    told = early = late = 0
    for gaps in RHYTHMS.values():
        start = datetime(2026, 6, 1, 8, tzinfo=UTC)
        moments, now = [start], start
        for step in range(60):
            now += gaps[step % len(gaps)]
            # Looked at right before each entry comes: it must not be called silent while it speaks as it does.
            early += step > 20 and _told(start, moments, now - timedelta(seconds=1))
            moments.append(now)
        longest = max(gaps)
        due = now + longest
        early += _told(start, moments, due)
        late += not _told(start, moments, due + longest)
        told += _told(start, moments, due + longest)
    return told, early, late


def _told(start: datetime, moments: list[datetime], now: datetime) -> bool:
    signs = Signs(began=start, moments=with_moments([], moments, now))
    return trouble_of(signs, now) is Trouble.SILENT
