"""The log to take home: a table, a PDF, the bundle with its proofs, the proof of one line. Each is on record before it leaves."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.evidence.actions import hand_out_log, write_log_bundle
from clients.evidence.queries import policy_text, proof_of, proof_text, sealed_checkpoint
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand import log_pdf
from portal.brand.log_choice import Choice, choice_of
from portal.brand.log_lines import Line, lines_of
from portal.brand.log_seal import seal
from portal.brand.long_table import Source, long_table, streamed
from portal.handing_out import to_keep
from portal.links import brand_url
from portal.pages import brand_act, brand_page

COLUMNS = ("at", "who", "role", "side", "via", "act", "subject", "facts", "id")
MOST_ATTACHED = 20_000
"""Lines in the table within a PDF, which is made in memory."""


@brand_page
def table(request: HttpRequest) -> HttpResponse:
    """What the page shows, as a table: whole, or a part that says where the next one is."""
    made = long_table(_source(request, _chosen(request)))
    _on_record(request, Way.CSV, made.count, made.digest)
    return streamed(made.held, f"{request.brand.slug}-log.csv", "text/csv; charset=utf-8")


@brand_page
def printed(request: HttpRequest) -> HttpResponse:
    """The same as a PDF: a summary to read, with the table and the newest checkpoint attached."""
    choice = _chosen(request)
    shown = lines_of(list(choice.entries()[: log_pdf.MOST_ROWS]))
    attached = long_table(_source(request, choice), MOST_ATTACHED)
    with attached.held:
        made = log_pdf.render_log(request.brand, shown, attached, checkpoint=sealed_checkpoint().note)
    _on_record(request, Way.PDF, attached.count, sha256(made).hexdigest())
    return _file(request, made, "application/pdf", "log.pdf")


@brand_act(again=seal)
def bundle(request: HttpRequest) -> HttpResponse:
    """The whole sealed log with the script that checks it."""
    held = TemporaryFile()  # noqa: SIM115  the response closes it
    size, made = write_log_bundle(request.actor, held)
    hand_out_log(request.actor, way=Way.BUNDLE, count=size, digest=_digest(held))
    name = f"{request.brand.slug}-log-{timezone.localtime(made):%Y-%m-%d-%H%M}.zip"
    return streamed(held, name, "application/zip")


@brand_page
def proof(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """That one line stands in the sealed log: a small file that `verify.py` checks."""
    require(request.actor, Verb.AUDIT_READ)
    text = proof_text(proof_of(entry_id)).encode()
    _on_record(request, Way.EXPORT, 1, sha256(text).hexdigest(), (entry_id,))
    return _file(request, text, "application/json", f"proof-{entry_id}.json")


@brand_page
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, for keeping. It says how long the log is and nothing of what is in it."""
    require(request.actor, Verb.AUDIT_READ)
    newest = sealed_checkpoint()
    return _file(request, newest.note.encode(), "text/plain; charset=utf-8", f"checkpoint-{newest.size}.txt")


@brand_page
def policy(request: HttpRequest) -> HttpResponse:
    """The public key of the log, for keeping."""
    require(request.actor, Verb.AUDIT_READ)
    return _file(request, policy_text().encode(), "text/plain; charset=utf-8", "policy.txt")


def _digest(held: IO[bytes]) -> str:
    held.seek(0)
    found = sha256()
    while block := held.read(1 << 20):
        found.update(block)
    return found.hexdigest()


def _chosen(request: HttpRequest) -> Choice:
    require(request.actor, Verb.AUDIT_READ)
    return choice_of(request.GET, reads=request.GET.get("view") == "reads")


def _source(request: HttpRequest, choice: Choice) -> Source[Entry]:
    def older(last: Entry | None) -> QuerySet[Entry]:
        return (replace(choice, before=last.pk) if last else choice).entries()

    def address(last: Entry) -> str:
        view = {"view": "reads"} if choice.reads else {}
        return f"{brand_url(request.brand.slug, 'log_table')}?{choice.query(before=str(last.pk), **view)}"

    return Source(COLUMNS, older, _cells_of, address)


def _cells_of(entries: list[Entry]) -> Iterator[list[str]]:
    """Names of subjects are looked up for all of them at once."""
    yield from map(_cells, entries, lines_of(entries))


def _cells(entry: Entry, line: Line) -> list[str]:
    facts = " ".join(f"{name}={value}" for name, value in line.facts)
    subject = line.subject or str(entry.subject_id or "")
    return [
        entry.at.isoformat(),
        line.who,
        entry.role,
        entry.side,
        entry.via,
        entry.verb,
        subject,
        facts,
        str(entry.pk),
    ]


def _on_record(request: HttpRequest, way: Way, count: int, digest: str, ids: tuple[UUID, ...] = ()) -> None:
    what = Matter(Entry._meta.label_lower, ids, InfoClass.BRAND, digest, count)
    disclose(request.actor, way=way, to=Recipient.person(request.actor), what=what, why="downloaded")


def _file(request: HttpRequest, content: bytes, kind: str, name: str) -> HttpResponse:
    return to_keep(content, kind, f"{request.brand.slug}-{name}")
