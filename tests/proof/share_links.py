"""A link to a report opens for whoever holds its token while the brand lets it, and for nobody else.

Guessed tokens are tried against the very check that the door makes: none fits, and what is unknown, revoked, over or used up is
one answer, byte for byte. A wrong password shows nothing and the last of a few closes the link. Round after round a
link is read, its file taken and the link ended (or the report withdrawn, or its time over): the next request is refused, within a
second of the end, and no answer may be kept by a cache. At the end the ledger has one line for each answer that showed anything.
"""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from unittest.mock import patch

from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import exchange
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import MOST_MISSES
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of
from reports.making.actions import ask_report, make_report
from reports.making.models import Report
from reports.sharing.actions import end_share, release_report, share_report, withdraw_report
from reports.sharing.rules import MOST_WRONG
from reports.sharing.steps import MadeShare
from tenants.walls.scope import brand_scope
from tests.proof._scene import scene
from tests.proof._stage import host_of
from tests.world import World

GUESSES = {"small": 3_000, "full": 1_000_000}
ROUNDS = {"small": 6, "full": 120}
AT_ONCE = 4
PASSWORD, WRONG = "douze mots de passe", "onze mots de passe"
A_SECOND = 1.0
_visitor = count(1)


@dataclass
class Tally:
    """What was shown and refused, the slowest refusal after an end, and what should not have been."""

    shown: int = 0
    refused: int = 0
    slowest: float = 0.0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)


def run(scale: str) -> tuple[str, bool]:
    world, tally = scene(), Tally()
    report = _released(world)
    fits = _guess(world, GUESSES[scale])
    alike = _refusals_alike(world, report)
    throttled = _throttled(world)
    closed = _wrong_passwords(world, report, tally)
    for number in range(ROUNDS[scale]):
        _round(world, report, tally, ("ended", "expired")[number % 2])
    _withdrawn(world, report, tally)
    lines = _lines(world)
    figures = (
        f"{GUESSES[scale]:,} guessed tokens: {fits} fit; {alike} kinds of refusal in one answer; door waits after {throttled} "
        f"wrong ones; {closed} wrong passwords close a link; {tally.shown} answers showed it, {lines} lines of the ledger; "
        f"{tally.refused} requests after an end refused, the slowest in {tally.slowest:.2f} s; {tally.kept} might be kept by a "
        f"cache; {len(tally.wrong)} wrong"
    )
    good = fits == 0 and alike >= 4 and throttled == MOST_MISSES and closed == MOST_WRONG
    return figures, good and lines == tally.shown > 0 and tally.slowest < A_SECOND and not (tally.wrong or tally.kept)


def _released(world: World) -> Report:
    period = period_of(PeriodKind.WEEK, date(2026, 11, 11), world.brand.time_zone)
    report = ask_report(world.owner, kind="weekly", period=period, language="fr")
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return release_report(world.owner, report_id=report.pk)


def _shared(world: World, report: Report, **more: object) -> MadeShare:
    return share_report(world.owner, report_id=report.pk, **({"recipient": "Me Blanc", "views": 3} | more))  # type: ignore[arg-type]


def _guess(world: World, number: int) -> int:
    """How many of so many random tokens open anything; one link is open meanwhile."""
    _shared(world, _any(world))

    def some(share: int) -> int:
        try:
            return sum(
                exchange(world.brand, token=secrets.token_urlsafe(32), code="") is not None for _ in range(share)
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as crew:
        return sum(crew.map(some, [number // AT_ONCE] * AT_ONCE))


def _any(world: World) -> Report:
    with brand_scope(world.brand):
        found: Report = Report.objects.get()
        return found


def _client(world: World) -> Client:
    """A visitor from an address of their own."""
    number = next(_visitor)
    address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
    return Client(headers={"host": host_of(world.brand.slug), "accept-language": "en"}, REMOTE_ADDR=address)


def _knock(client: Client, token: str, code: str = "") -> HttpResponse:
    return client.post("/s/", {"token": token, "code": code})


def _refusals_alike(world: World, report: Report) -> int:
    """How many reasons to refuse were played, if all of them got the very same answer."""
    ended, over, used = _shared(world, report), _shared(world, report, days=1), _shared(world, report, views=1)
    end_share(world.owner, share_id=ended.share.pk)
    spent = _client(world)
    _knock(spent, used.token)
    first = spent.get("/s/report")
    now = timezone.now()
    answers = [
        _knock(_client(world), secrets.token_urlsafe(32)),
        _knock(_client(world), ended.token),
        _knock(_client(world), used.token),
        _client(world).get("/s/report"),
        _client(world).get("/s/report.pdf"),
    ]
    with patch.object(timezone, "now", lambda: now + timedelta(days=2)):
        answers.append(_knock(_client(world), over.token))
    same = {(answer.status_code, answer.content) for answer in answers}
    return len(answers) if first.status_code == 200 and len(same) == 1 and answers[0].status_code == 404 else 0


def _throttled(world: World) -> int:
    """After how many wrong tokens of one address the door makes it wait."""
    client = _client(world)
    for tried in range(MOST_MISSES * 2):
        if _knock(client, "wrong").status_code == 429:
            return tried
    return 0


def _wrong_passwords(world: World, report: Report, tally: Tally) -> int:
    """How many close a link, so that the right one opens it no more. They come from many addresses."""
    made = _shared(world, report, password=PASSWORD)
    tried = 0
    for _ in range(MOST_WRONG):
        client = _client(world)
        if _knock(client, made.token).status_code != 303:
            break
        answer = client.post("/s/report", {"password": WRONG})
        tried += 1
        if answer.status_code != 404 or b"report-document" in answer.content:
            tally.wrong.append("a wrong password was answered otherwise")
    last = _client(world)
    if _knock(last, made.token).status_code == 303:
        tally.wrong.append("a link outlived its wrong passwords")
    return tried


def _round(world: World, report: Report, tally: Tally, way: str) -> None:
    made, client = _shared(world, report), _client(world)
    _open(client, made, tally)
    if way == "ended":
        end_share(world.owner, share_id=made.share.pk)
        _closed(client, tally)
        return
    later = made.share.link.expires_at + timedelta(microseconds=1)
    with patch.object(timezone, "now", lambda: later):
        _closed(client, tally)


def _withdrawn(world: World, report: Report, tally: Tally) -> None:
    """The report is taken back: every link to it is closed at once."""
    readers = [(_shared(world, report), _client(world)) for _ in range(3)]
    for made, client in readers:
        _open(client, made, tally)
    withdraw_report(world.owner, report_id=report.pk)
    for _made, client in readers:
        _closed(client, tally)


def _open(client: Client, made: MadeShare, tally: Tally) -> None:
    if _knock(client, made.token).status_code != 303:
        tally.wrong.append("an open link did not open")
        return
    for path, mark in (("/s/report", b"report-document"), ("/s/report.pdf", b"%PDF-")):
        answer = client.get(path)
        tally.shown += answer.status_code == 200
        if mark not in answer.content:
            tally.wrong.append(f"{path} showed nothing: {answer.status_code}")
        tally.kept += "no-store" not in answer.get("Cache-Control", "") or answer.has_header("ETag")


def _closed(client: Client, tally: Tally) -> None:
    """From the end on: both addresses, at once, with the cookie that opened them."""
    began = time.monotonic()
    for path in ("/s/report", "/s/report.pdf"):
        answer = client.get(path)
        tally.refused += answer.status_code == 404
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        if answer.status_code != 404 or b"report-document" in answer.content:
            tally.wrong.append(f"{path} after its end: {answer.status_code}")
        tally.kept += "no-store" not in answer.get("Cache-Control", "")


def _lines(world: World) -> int:
    """Lines of the ledger about looks through links; the one look of `_refusals_alike` is not among what was tallied."""
    with brand_scope(world.brand):
        return Disclosure.objects.filter(object_kind="reports.report", why="viewed").count() - 1
