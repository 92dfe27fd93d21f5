"""The log to take home: a table, a PDF, the bundle with its proofs, the proof of one line. Each is on record before it leaves."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, cast
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.evidence.actions import hand_out_log, write_log_bundle
from clients.evidence.queries import policy_text, proof_of, proof_text, sealed_checkpoint
from clients.items.tables import table_pieces
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand import log_pdf
from portal.brand.log_choice import Choice, choice_of
from portal.brand.log_lines import Line, lines_of
from portal.brand.log_seal import seal
from portal.handing_out import to_keep
from portal.pages import brand_act, brand_page

COLUMNS = ("at", "who", "role", "side", "via", "act", "subject", "facts", "id")
MOST_ROWS = 100_000
A_STRETCH = 1_000


@brand_page
def table(request: HttpRequest) -> HttpResponse:
    """What the page shows, whole, as a table."""
    choice, held = _chosen(request), TemporaryFile()  # noqa: SIM115  the response closes it
    count, digest = _write_table(choice, held)
    _on_record(request, Way.CSV, count, digest)
    return _stream(held, f"{request.brand.slug}-log.csv", "text/csv; charset=utf-8")


@brand_page
def printed(request: HttpRequest) -> HttpResponse:
    """The same as a PDF: a summary to read, with the whole table and the newest checkpoint attached."""
    choice = _chosen(request)
    with TemporaryFile() as held:
        count, _digest = _write_table(choice, held)
        held.seek(0)
        text = held.read()
    shown = lines_of(list(choice.entries()[: log_pdf.MOST_ROWS]))
    made = log_pdf.render_log(request.brand, shown, count=count, table=text, checkpoint=sealed_checkpoint().note)
    _on_record(request, Way.PDF, count, sha256(made).hexdigest())
    return _file(request, made, "application/pdf", "log.pdf")


@brand_act(again=seal)
def bundle(request: HttpRequest) -> HttpResponse:
    """The whole sealed log with the script that checks it."""
    held = TemporaryFile()  # noqa: SIM115  the response closes it
    size, made = write_log_bundle(request.actor, held)
    hand_out_log(request.actor, way=Way.BUNDLE, count=size, digest=_digest(held))
    name = f"{request.brand.slug}-log-{timezone.localtime(made):%Y-%m-%d-%H%M}.zip"
    return _stream(held, name, "application/zip")


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


def _write_table(choice: Choice, held: IO[bytes]) -> tuple[int, str]:
    """The table into a file, a stretch of the log at a time: (how many lines of the log it has, its digest)."""
    count, digest = -1, sha256()
    entries = choice.entries()[:MOST_ROWS].iterator(chunk_size=A_STRETCH)
    for piece in table_pieces(COLUMNS, (_cells(entry, line) for entry, line in _stretches(entries))):
        held.write(piece)
        digest.update(piece)
        count += 1
    return count, digest.hexdigest()


def _stretches(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Line]]:
    """Names of subjects are looked up a thousand lines at a time."""
    held: list[Entry] = []
    for entry in entries:
        held.append(entry)
        if len(held) == A_STRETCH:
            yield from zip(held, lines_of(held), strict=True)
            held = []
    yield from zip(held, lines_of(held), strict=True)


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


def _stream(held: IO[bytes], name: str, kind: str) -> HttpResponse:
    """A file on the disk, from its start; closed with the answer."""
    held.seek(0)
    response = FileResponse(held, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    # A stream is no HttpResponse to the type checker; what is done to answers here holds for both.
    return cast("HttpResponse", response)


def _file(request: HttpRequest, content: bytes, kind: str, name: str) -> HttpResponse:
    return to_keep(content, kind, f"{request.brand.slug}-{name}")
