"""What a report costs on top of laying it out: 1, 10, 50, 200 pages against bare WeasyPrint on the same HTML, and a
batch on two workers.

'All in' is everything between a document and a sealed copy: HTML from templates, both standards with the data attached,
a watermark, a signature. Both are processor time in one process, in turn, with the same fonts. The batch goes the real
way, through children.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.utils import timezone

from reports.kinds.composing import document_of
from reports.rendering.blocks import Document
from reports.rendering.characters import FOLDER
from reports.rendering.printer import Printer
from reports.rendering.sealing_keys import SigningKey, made_key
from reports.rendering.signing import sign
from reports.rendering.stamping import Watermark, copy_for
from tests.reports.kinds import examples

PAGES = {"small": (1, 10), "full": (1, 10, 50, 200)}
ROUNDS = {1: 7, 10: 5, 50: 3, 200: 1}
BATCH = {"small": 8, "full": 100}
WATERMARK = Watermark("anna.beck@client.example", "Copy for anna.beck@client.example, 23 November 2026, link 7f3a")


def run(scale: str) -> dict[str, Any]:
    """Ratios of processor time, seconds of the batch, peaks of memory."""
    key = made_key("Relais", timezone.now())
    printer = Printer()
    with _our_fonts():
        pages = {str(count): _compared(count, key) for count in PAGES[scale]}
    peaks = {str(count): printer.draw(_of_pages(count)).peak for count in PAGES[scale]}
    batch = _batch(printer, BATCH[scale])
    printer.close()
    return {
        "name": "reports on paper, all in, beside bare WeasyPrint on the same HTML",
        "unit": "seconds of processor time; bytes",
        "pages": pages,
        "peak_bytes": peaks,
        "batch": batch,
        "goals": {"all in": "<= 1.2", "batch on 2 workers": "<= 0.6 of the sequential time"},
        "notes": "ratios: medians over rounds, both arms in turn; in this process for ratios, in children for batch and peaks",
    }


def _compared(count: int, key: SigningKey) -> dict[str, float]:
    from reports.rendering.drawing import draw

    document = _of_pages(count)
    page, fetcher = _bare_of(document)
    bare, ours, found = [], [], 0
    for _ in range(ROUNDS[count] + 1):
        bare.append(_spent(lambda: _bare(page, fetcher)))
        begun = time.process_time()
        drawn = draw(document, lambda *_: None)
        sign(copy_for(drawn.content, WATERMARK, seal="Seal"), key, reason="Issued")
        ours.append(time.process_time() - begun)
        found = drawn.count
    ratios = [ours[at] / bare[at] for at in range(1, len(ours))] or [ours[0] / bare[0]]
    return {
        "pages": found,
        "bare": round(statistics.median(bare[1:]), 3),
        "all_in": round(statistics.median(ours[1:]), 3),
        "ratio": round(statistics.median(ratios), 3),
    }


def _of_pages(count: int) -> Document:
    """A weekly report of about so many pages: the blocks of a week, one after another."""
    document = document_of(examples.weekly(), "en", examples.dress())
    if count == 1:
        return replace(document, blocks=document.blocks[:4])
    times = -(-count // 8)
    return replace(document, blocks=(document.blocks * times)[: max(1, len(document.blocks) * count // 8)])


def _bare_of(document: Document) -> tuple[str, Any]:
    """The HTML that WeasyPrint is given bare, and what resolves its pictures."""
    from reports.rendering.drawing import OwnPictures
    from reports.rendering.markup import markup_of
    from reports.rendering.pictures import ready

    markup = markup_of(document)
    known = {f"picture:{at}": ready(one.content) for at, one in enumerate(markup.pictures)}
    return markup.html, OwnPictures({**known, "picture:logo": ready(examples.LOGO)})


def _bare(page: str, fetcher: Any) -> bytes:
    from weasyprint import HTML

    return bytes(HTML(string=page, url_fetcher=fetcher).write_pdf())


def _spent(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _batch(printer: Printer, number: int) -> dict[str, float]:
    """So many weekly reports one after another, and by two workers."""
    document = document_of(examples.weekly(), "fr", examples.dress())
    printer.draw(document)
    begun = time.perf_counter()
    for _ in range(number):
        printer.draw(document)
    alone = time.perf_counter() - begun
    begun = time.perf_counter()
    workers = [threading.Thread(target=lambda: [printer.draw(document) for _ in range(number // 2)]) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    both = time.perf_counter() - begun
    return {
        "reports": number,
        "sequential_s": round(alone, 2),
        "two_workers_s": round(both, 2),
        "ratio": round(both / alone, 3),
    }


@contextmanager
def _our_fonts() -> Iterator[None]:
    """This process sees the shipped fonts alone, as a drawing process does."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
