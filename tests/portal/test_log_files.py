"""The log taken home: table, PDF, bundle and proof; who may, that each is on record, and nothing of another brand in it."""

import contextlib
import csv
import io
import json
import re
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from clients.audit.models import Entry
from clients.audit.sealing import seal_batch
from clients.audit.verifier.verify import check_bundle, check_proof
from clients.disclosure.models import Disclosure
from portal.brand import log, log_files, log_pdf, long_table, paper
from reports.rendering.blocks import Note
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Drawn
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.reports.rendering.conformance import attachments, faults
from tests.world import World

READERS = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AUDITOR}
FILES = ("/log/table.csv", "/log/print.pdf", "/log/checkpoint.txt", "/log/policy.txt")


@pytest.fixture
def auditor(world: World, other: World, browse: Browse) -> Client:
    world.submitted("Bonjour", title="=1+1")
    for brand in (world.brand, other.brand):
        while seal_batch(brand).lines:
            pass
    return browse(world.people[Role.AUDITOR], world.brand)


def ledger(world: World, way: str) -> list[Disclosure]:
    with brand_scope(world.brand):
        return list(Disclosure.objects.filter(way=way, object_kind="audit.entry"))


def body(answer: Any) -> bytes:
    """What a streamed answer holds; asked for as often as one likes."""
    if not hasattr(answer, "kept"):
        answer.kept = b"".join(answer.streaming_content)
    return bytes(answer.kept)


def test_the_table_is_what_the_page_shows_and_no_formula(world: World, auditor: Client) -> None:
    answer = auditor.get("/log/table.csv?act=item.submitted")
    rows = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig")), delimiter=";"))
    assert {row["act"] for row in rows} == {"item.submitted"}
    assert rows[0]["subject"] == "'=1+1" and rows[0]["role"] == "community_manager"
    assert answer["Content-Disposition"] == f'attachment; filename="{world.brand.slug}-log.csv"'
    assert [(row.count, row.why) for row in ledger(world, "csv")] == [(len(rows), "downloaded")]
    assert ledger(world, "csv")[0].digest == sha256(body(answer)).hexdigest()
    whole = body(auditor.get("/log/table.csv")).decode()
    assert "SECRET" not in whole and whole.count("\r\n") > 10
    assert len(ledger(world, "csv")) == 2


def test_a_long_table_looks_up_names_a_stretch_at_a_time(world: World, auditor: Client, monkeypatch) -> None:
    whole = body(auditor.get("/log/table.csv?act=item.submitted"))
    monkeypatch.setattr(long_table, "A_STRETCH", 1)
    assert body(auditor.get("/log/table.csv?act=item.submitted")) == whole


def rows_of(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))[1:]


def test_a_table_that_is_cut_says_how_much_is_left_and_where(world: World, auditor: Client, monkeypatch) -> None:
    """Each part leads to the next, and together they are the whole; whoever is at the end is not sent further."""
    for n in (1, 2, 3):
        world.submitted(f"Texte {n}")
    address = "/log/table.csv?act=item.submitted"
    whole = rows_of(body(auditor.get(address)))
    monkeypatch.setattr(log_files, "long_table", partial(long_table.long_table, most=2))
    parts, left = [], []
    while address:
        rows = rows_of(body(auditor.get(address)))
        told = rows.pop()[0] if len(rows[-1]) == 1 else ""
        parts, address = [*parts, *rows], re.sub(r"^.*https?://[^/]*", "", told)
        left += [int(told.split()[0])] if told else []
    assert parts == whole and len(whole) >= 4
    assert left == list(range(len(whole) - 2, 0, -2))
    assert [row.count for row in ledger(world, "csv")] == [2, 2, len(whole)]


def test_the_page_says_that_a_table_comes_in_parts(world: World, auditor: Client, monkeypatch) -> None:
    world.submitted("Texte")
    said = "A table holds so many"
    assert said not in auditor.get("/log/").content.decode()
    monkeypatch.setattr(log, "MOST_ROWS", 2)
    assert said in auditor.get("/log/").content.decode()
    assert said not in auditor.get("/log/?act=mandate.granted").content.decode()


@dataclass
class Many:
    """So many entries, made one by one as they are asked for."""

    made: int

    def __getitem__(self, part: slice) -> "Many":
        return self

    def iterator(self, chunk_size: int) -> Iterator[Entry]:
        for n in range(self.made):
            yield Entry(verb="read", via="page", facts={"n": n, "said": f"{n}" + "x" * 1000})


def test_a_long_table_is_never_held_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_table, "A_STRETCH", 100)
    peaks = {}
    for count in (500, 8000):
        source = long_table.Source(log_files.COLUMNS, lambda last: Many(count), log_files._cells_of, str)  # type: ignore[arg-type,return-value]  # noqa: B023
        with brand_scope(world.brand):
            tracemalloc.start()
            made = long_table.long_table(source)
            peaks[count] = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        with made.held:
            assert made.count == count and made.held.tell() > count * 1000
    assert peaks[8000] < 2 * peaks[500] < 4_000_000


def test_a_pdf_says_how_far_back_it_goes(world: World, auditor: Client, monkeypatch) -> None:
    documents: list[Any] = []
    monkeypatch.setattr(log_files, "MOST_ATTACHED", 3)
    monkeypatch.setattr(paper, "printer", lambda: Stand(documents))
    auditor.get("/log/print.pdf")
    with brand_scope(world.brand):
        before = Entry.objects.exclude(verb="disclosed").count() - 3
    warned = [one.text for one in documents[0].blocks if isinstance(one, Note) and one.tone == "warning"]
    assert [f"{before} lines before it are not in it" in text for text in warned] == [True]
    assert [row.count for row in ledger(world, "pdf")] == [3]


def test_without_pango_the_reader_is_told_in_one_sentence(world: World, auditor: Client, monkeypatch) -> None:
    monkeypatch.setattr(paper, "printer", lambda: Stand([], NotDrawn(Fault.NO_PANGO)))
    answer = auditor.get("/log/print.pdf", follow=True)
    assert answer.status_code == 409 and "Pango" in answer.content.decode()
    assert ledger(world, "pdf") == []


class Stand:
    """Stands in for the printer where only what is on the paper is looked at."""

    def __init__(self, documents: list[Any], error: NotDrawn | None = None) -> None:
        self.documents, self.error = documents, error

    def draw(self, document: Any, **_: Any) -> Drawn:
        if self.error:
            raise self.error
        self.documents.append(document)
        return Drawn(b"%PDF", 1, 0)


def test_the_pdf_has_the_table_and_the_checkpoint_attached(world: World, auditor: Client, monkeypatch) -> None:
    pytest.importorskip("weasyprint", exc_type=(ImportError, OSError))
    monkeypatch.setattr(log_pdf, "MOST_ROWS", 5)
    answer = auditor.get("/log/print.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-1.7")
    inside = unpacked(answer.content)
    assert faults(answer.content) == []
    assert set(attachments(answer.content)) == {"log.csv", "checkpoint.txt"}
    assert auditor.get("/log/checkpoint.txt").content in inside
    (attached,) = (part for part in inside if part.startswith(b"\xef\xbb\xbfat;"))
    (row,) = ledger(world, "pdf")
    assert row.count == attached.count(b"\r\n") - 1 > 5 and len(row.digest) == 64


def unpacked(pdf: bytes) -> list[bytes]:
    """Every compressed part of the file."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return found


def test_the_bundle_holds_and_is_on_record_before_it_leaves(world: World, auditor: Client, tmp_path: Path) -> None:
    answer = auditor.post("/log/bundle")
    assert answer["Content-Type"] == "application/zip"
    (tmp_path / "x.zip").write_bytes(answer.getvalue())
    found = check_bundle(str(tmp_path / "x.zip"))
    assert found.count == 0 and found.figures["lines"] > 20
    (row,) = ledger(world, "bundle")
    assert row.count == found.figures["lines"] and len(row.digest) == 64
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert not any(b"SECRET" in archive.read(name) for name in archive.namelist())


def test_the_proof_of_a_line(world: World, other: World, auditor: Client, tmp_path: Path) -> None:
    with brand_scope(world.brand):
        entry = Entry.objects.filter(verb="item.submitted").first()
    with brand_scope(other.brand):
        theirs = Entry.objects.filter(verb="item.submitted").first()
    assert entry is not None and theirs is not None
    answer = auditor.get(f"/log/{entry.pk}/proof.json")
    (tmp_path / "p.json").write_bytes(answer.content)
    (tmp_path / "policy").write_bytes(auditor.get("/log/policy.txt").content)
    assert check_proof(str(tmp_path / "p.json"), str(tmp_path / "policy")).count == 0
    assert json.loads(answer.content)["checkpoint"] == auditor.get("/log/checkpoint.txt").content.decode()
    assert auditor.get(f"/log/{theirs.pk}/proof.json").status_code == 404
    assert f"/log/{entry.pk}/proof.json" in auditor.get("/log/?act=item.submitted").content.decode()


def test_a_line_that_waits_says_so(world: World, auditor: Client) -> None:
    world.draft()
    with brand_scope(world.brand):
        newest = Entry.objects.order_by("-seq").first()
    assert newest is not None
    answer = auditor.get(f"/log/{newest.pk}/proof.json")
    assert answer.status_code == 409 and "not sealed yet" in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_who_takes_the_log_home(world: World, auditor: Client, browse: Browse, role: Role) -> None:
    client = browse(world.people[role], world.brand)
    for address in FILES[2:]:
        assert (client.get(address).status_code == 200) is (role in READERS), address
    for address in FILES[:2]:
        if role not in READERS:
            assert client.get(address).status_code == 403
    assert (client.post("/log/bundle").status_code == 200) is (role in READERS)
    assert client.get("/log/bundle").status_code == (200 if role in READERS else 403)
