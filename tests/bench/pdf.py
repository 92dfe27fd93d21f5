"""What a report costs on top of laying it out: 1, 10, 50, 200 pages against bare WeasyPrint on the same HTML, and a
batch on two workers. The report is a week as the product composes it, for a brand with a look of its own.

'All in' is everything between a document and a sealed copy: HTML from templates, both standards with the data attached, a
watermark, a signature. Bare is `HTML(...).write_pdf()`; both in this process, in turn, with everything loaded and the same
fonts alone. `in_a_child` is the same work the way it really goes, in a process of its own that is forked, bounded and ends: what
it costs beyond is pages of memory that become its own, some 30 ms a report. Processor time, medians and spread.
"""

import math
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils import timezone

from reports.rendering.blocks import Document
from reports.rendering.characters import FOLDER
from reports.rendering.printer import Drawn, Printer
from reports.rendering.sealing_keys import SigningKey, made_key
from reports.rendering.signing import sign
from reports.rendering.stamping import Watermark, copy_for
from tests.proof._scene import scene
from tests.reports.kinds import examples
from tests.reports.making.composed import Composer

PAGES = {"small": (1, 10), "full": (1, 10, 50, 200)}
ROUNDS = {1: 15, 10: 5, 50: 2, 200: 1}
OF_MANY = 50
"""From so many pages on no round is thrown away to warm up."""
OF_A_WEEK = 4
"""Pages of the weekly report that is repeated."""
BATCH = {"small": 8, "full": 100}
WATERMARK = Watermark("anna.beck@client.example", "Copy for anna.beck@client.example, 23 November 2026, link 7f3a")


def run(scale: str) -> dict[str, Any]:
    """Ratios of processor time with their spread, memory, how both grow with pages, and the batch."""
    key, printer = made_key("Maison Verte", timezone.now()), Printer()
    composer = Composer(scene(), key)
    week, semaine = (composer.composed(examples.weekly(), language).document for language in ("en", "fr"))
    with _our_fonts():
        pages = {str(count): _compared(count, _of_pages(week, count), key, printer) for count in PAGES[scale]}
    batch = _batch(semaine, printer, BATCH[scale])
    printer.close()
    return {
        "name": "reports on paper, all in, beside bare WeasyPrint on the same HTML",
        "unit": "seconds of processor time; bytes",
        "pages": pages,
        "exponents": _exponents(list(pages.values())),
        "batch": batch,
        "goals": {"all in": "<= 1.2", "batch on 2 workers": "<= 0.6 of the sequential time", "memory": "given back"},
        "load": os.getloadavg(),
        "notes": "arms in turn, first round dropped; beside the ratio of the batch its `limit`: the same of two processes that "
        "only count, on this machine at this load",
    }


def _compared(count: int, document: Document, key: SigningKey, printer: Printer) -> dict[str, Any]:
    from reports.rendering.drawing import draw

    page, fetcher = _bare_of(document)
    rounds: list[tuple[float, ...]] = []
    made: list[Drawn] = []
    copies: list[bytes] = []
    warm = count < OF_MANY
    for _ in range(ROUNDS[count] + warm):
        bare = _spent(lambda: _bare(page, fetcher))
        drawing = _spent(lambda: draw(document, lambda *_: None))
        asking = _spent(lambda: made.append(printer.draw(document)))
        stamping = _spent(lambda: copies.append(copy_for(made[-1].content, WATERMARK, seal="Seal")))
        sealing = _spent(lambda: sign(copies[-1], key, reason="Issued"))
        rounds.append((bare, drawing, asking + made[-1].spent, stamping, sealing))
    bare, drawing, child, stamping, sealing = (statistics.median(part) for part in zip(*rounds[warm:], strict=True))
    ratios = sorted((one[1] + one[3] + one[4]) / one[0] for one in rounds[warm:])
    in_a_child = statistics.median((one[2] + one[3] + one[4]) / one[0] for one in rounds[warm:])
    return {
        "pages": made[0].pages,
        "rounds": ROUNDS[count],
        "bare": round(bare, 3),
        "all_in": round(drawing + stamping + sealing, 3),
        "ratio": round(statistics.median(ratios), 3),
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
        "in_a_child": round(in_a_child, 3),
        "of_which": {
            "drawing": round(drawing, 3),
            "in_a_child": round(child, 3),
            "watermark": round(stamping, 3),
            "signature": round(sealing, 3),
        },
        "peak_bytes": max(one.peak for one in made),
    }


def _exponents(rows: list[dict[str, Any]]) -> dict[str, float]:
    """By which power of the pages time and memory grow between the smallest and the largest."""
    first, last = rows[0], rows[-1]
    wide = math.log(last["pages"] / first["pages"])
    return {name: round(math.log(last[name] / first[name]) / wide, 2) for name in ("bare", "all_in", "peak_bytes")}


def _of_pages(document: Document, count: int) -> Document:
    """Of a weekly report one of about so many pages: its blocks, one after another."""
    if count == 1:
        return replace(document, blocks=document.blocks[:4])
    times = -(-count // OF_A_WEEK)
    return replace(document, blocks=(document.blocks * times)[: len(document.blocks) * count // OF_A_WEEK])


def _bare_of(document: Document) -> tuple[str, Any]:
    """The HTML that WeasyPrint is given bare, and what resolves its pictures."""
    from reports.rendering.drawing import OwnPictures
    from reports.rendering.markup import SHEET, markup_of
    from reports.rendering.pictures import ready

    markup = markup_of(document)
    known = {f"picture:{at}": ready(one.content) for at, one in enumerate(markup.pictures)}
    whole = markup.html.replace("<style>", f"<style>{SHEET.read_text()}", 1)
    return whole, OwnPictures({**known, "picture:logo": ready(document.look.logo or b"")})


def _bare(page: str, fetcher: Any) -> bytes:
    from weasyprint import HTML

    return bytes(HTML(string=page, url_fetcher=fetcher).write_pdf())


def _spent(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _batch(document: Document, printer: Printer, number: int) -> dict[str, Any]:
    """So many weekly reports one after another and by two workers, in turns of a quarter; memory of the process they come from.

    `limit`: the same for work that shares nothing, two processes that count: what this machine gives two workers now.
    """
    first = printer.draw(document)
    before, quarter = _resident(printer), max(2, number // 4)
    alone = both = limit_alone = limit_both = 0.0
    spent: list[float] = []
    peaks = [first.peak]

    def some(count: int) -> None:
        for _ in range(count):
            drawn = printer.draw(document)
            spent.append(drawn.spent)
            peaks.append(drawn.peak)

    for _ in range(4):
        alone += _took(lambda: some(quarter))
        both += _took(lambda: _two(lambda: some(quarter // 2)))
        limit_alone += _took(lambda: _count(2))
        limit_both += _took(lambda: _two(lambda: _count(1)))
    return {
        "reports": 4 * quarter,
        "sequential_s": round(alone, 2),
        "two_workers_s": round(both, 2),
        "ratio": round(both / alone, 3),
        "limit": round(limit_both / limit_alone, 3),
        "processor_s_each": round(statistics.median(spent), 3),
        "pages_each": first.pages,
        "peak_bytes_each": max(peaks),
        "server_bytes": {"before": before, "after": _resident(printer)},
        "own_peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _resident(printer: Printer) -> int | None:
    """What the process that children come from holds; None where that cannot be read."""
    try:
        status = Path(f"/proc/{printer._server.pid}/status").read_text()  # type: ignore[union-attr]
    except (OSError, AttributeError):
        return None
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _two(work: Callable[[], Any]) -> None:
    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()


def _count(times: int) -> None:
    """A process that counts for a while, so many times, as polite as a drawing."""
    for _ in range(times):
        subprocess.run([sys.executable, "-c", "import os; os.nice(5); sum(range(40_000_000))"], check=True)


def _took(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


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
