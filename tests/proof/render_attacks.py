"""Nothing is fetched while a report is drawn: addresses, files and bombs through every place where a stranger's words
or pictures enter.

A socket listens at every address of this machine and is named in every attack; a canary file is looked for in what comes
out. The engine alone is attacked too, in this process and with HTML that no template of ours would make, so that the
fetcher is tested and not only the escaping: there every file that Python opens outside of the program, every name it looks
up and every line it opens to anywhere is counted, also where nobody listens. From the same set-up a bare fetcher is shown
to knock at the socket and to be noted: the listening works.
"""

import resource
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports.kinds.composing import document_of
from reports.rendering.blocks import (
    Attachment,
    Column,
    Document,
    Head,
    Heading,
    Linked,
    Note,
    Paragraph,
    Points,
    Seal,
    Table,
    Tile,
    Tiles,
)
from reports.rendering.caps import Caps
from reports.rendering.errors import BadPicture, Fault, NotDrawn
from reports.rendering.look import Look
from reports.rendering.markup import Markup
from reports.rendering.printer import Printer
from reports.rendering.vectors import cleaned
from tests.reports.kinds import examples
from tests.reports.rendering.conformance import attachments, faults

OUTSIDE = ("/etc/passwd", "/proc/", "/dev/zero")
CALLS = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
}
"""Events of Python by which a program reaches beyond itself."""
CANARY = b"canary-9b1f-never-in-a-report"
MOST_MEMORY = 4 << 30
CAPS = Caps(processor=60, wall=120)
MADE = datetime(2026, 11, 23, tzinfo=UTC)


class Listener:
    """A socket that counts who knocks, at whichever address of this machine."""

    def __init__(self) -> None:
        if socket.has_dualstack_ipv6():
            self.server = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        else:
            self.server = socket.create_server(("", 0))
        self.port = int(self.server.getsockname()[1])
        self.knocks = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.server.accept()
                self.knocks += 1
                with caller:
                    caller.sendall(b"HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")


def run(scale: str) -> tuple[str, bool]:
    """How many attacks were made, how many of them reached anything."""
    with tempfile.TemporaryDirectory() as folder, _listening() as listener:
        canary = Path(folder) / "canary.txt"
        canary.write_bytes(CANARY)
        works = _knocks(listener)
        before = listener.knocks
        addresses = list(_addresses(listener.port, canary))
        printer = Printer()
        through_words, spilled = _through_words(printer, addresses, canary)
        refused_svg, let_in = _through_pictures(addresses)
        engine, through = _through_engine(addresses, canary)
        after = printer.draw(document_of(examples.quiet(), "en", examples.dress()))
        printer.close()
        knocks = listener.knocks - before
    for line in (*spilled, *let_in, *through):
        print(f"  {line}")
    tried = through_words + refused_svg + engine
    figures = (
        f"{len(addresses)} addresses, {tried} attacks through words, pictures and the engine itself: {knocks} outside requests, "
        f"{len(spilled) + len(let_in) + len(through)} files or addresses reached; the next report has {after.pages} pages"
    )
    return figures, works and knocks == 0 and not spilled and not let_in and not through


@contextmanager
def _listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.server.close()


def _knocks(listener: Listener) -> bool:
    """Whether a bare WeasyPrint is heard and noted: without that, silence would prove nothing."""
    from weasyprint import HTML

    with _watched() as noted:
        HTML(string=f'<img src="http://127.0.0.1:{listener.port}/seen">').render()
    return listener.knocks > 0 and any(event == "socket.connect" for event, _ in noted)


def _addresses(port: int, canary: Path) -> Iterator[str]:
    """Ways to name the listening socket, the canary, and places inside."""
    hosts = (
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "0",
        "127.000.000.001",
        "[::]",
        "localhost.",
        "LOCALHOST",
        "0x7f000001",
        "017700000001",
        "127.0.0.2",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::1%25lo]",
        "a@localhost",
        "127.0.0.1%00",
        "127%2e0.0.1",
        "[::127.0.0.1]",
        "0x7f.0x0.0x0.0x1",
    )
    for host in hosts:
        yield f"http://{host}:{port}/a"
    for scheme in ("HTTP", "https", "ftp", "gopher", "ws", "hTTp"):
        yield f"{scheme}://127.0.0.1:{port}/b"
    yield from (
        f"//127.0.0.1:{port}/c",
        f"http:127.0.0.1:{port}",
        f"http://user:pass@127.0.0.1:{port}/",
        f"http://a@127.0.0.1:{port}#x",
    )
    yield from (
        f"\\\\127.0.0.1:{port}\\d",
        f"http:\\\\127.0.0.1:{port}",
        f" http://127.0.0.1:{port}/space",
        f"http://127.0.0.1:{port}/%0d%0aX: y",
    )
    for form in (
        "file://{}",
        "FILE://{}",
        "file:{}",
        "file://localhost{}",
        "{}",
        "file://{}?x",
        "file://{}#x",
        "/proc/self/root{}",
        "file:///proc/self/environ",
    ):
        yield form.format(canary)
    yield from (
        "../../../../etc/passwd",
        "file:///etc/passwd",
        "file:///dev/zero",
        "jar:file:///x!/",
        "javascript:alert(1)",
        "vbscript:x",
    )
    yield from (
        "data:text/html,<img src=http://127.0.0.1>",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/css,@import 'file:///etc/passwd'",
    )
    yield from (
        "http://169.254.169.254/latest/meta-data/",
        "blob:http://127.0.0.1/x",
        "about:blank",
        "cid:x",
        "picture:9",
        "picture:logo2",
    )


PLACES = (
    '<img src="{}">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<link rel=stylesheet href="{}">',
    '<style>@import "{}";</style>',
    '<style>body{{background:url("{}")}}</style>',
    '<style>@font-face{{font-family:x;src:url("{}")}} p{{font-family:x}}</style><p>x</p>',
    '<style>p::before{{content:url("{}")}}</style><p>x</p>',
    '<style>li{{list-style-image:url("{}")}}</style><ul><li>x</ul>',
    (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
        '<image xlink:href="{}" width="9" height="9"/></svg>'
    ),
    '<link rel=attachment href="{}">',
    '<a rel=attachment href="{}">x</a>',
    '<style>p{{border-image:url("{}") 3;border:3px solid}}</style><p>x</p>',
    '<base href="{}"><img src="x.png">',
    '<style>@page{{background:url("{}")}}</style>',
    '<style>:root{{--x:url("{}")}} p{{background:var(--x)}}</style><p>x</p>',
)


def _through_words(printer: Printer, addresses: list[str], canary: Path) -> tuple[int, list[str]]:
    """Every address, in every construct, as words in every block there is. One document holds them all."""
    spilled, number = [], 0
    for at in range(0, len(addresses), 20):
        words = list(addresses[at : at + 20])
        words += [place.format(address) for address in words[:20] for place in PLACES[at % 5 :: 8]]
        number += len(words)
        content = printer.draw(_full_of(words), caps=CAPS).content
        links = {"leads-elsewhere", "acts"} & set(faults(content))
        if CANARY in content or any(CANARY in one for one in attachments(content).values()) or links:
            spilled.append(f"words from {at}: {sorted(links)}")
    return number, spilled


def _full_of(words: list[str]) -> Document:
    first, block = words[0], []
    for word in words:
        block += [Paragraph(word, "small"), Points((Linked(word, word), word)), Note(word, word, "annotation", word)]
    table = Table(first, first, (Column(first), Column("n", True)), tuple((Linked(word, word), word) for word in words))
    tiles = Tiles((Tile(first, first[:20], first, "up", True, first, 0.5),))
    return Document(
        "en",
        Head(first, first, first, ((first, first),)),
        (Heading(first), *block, table, tiles),
        MADE,
        first,
        first,
        Look(first),
        attachments=(Attachment("a.txt", b"x", "text/plain", first),),
        seal=Seal(first, first, first),
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
DRAWN = (
    '<image href="{}" width="9" height="9"/>',
    '<image xlink:href="{}"/>',
    '<use href="{}"/>',
    '<rect fill="url({})" width="9" height="9"/>',
    '<rect style="fill:url({})" width="9" height="9"/>',
    '<style>@import "{}";</style>',
    '<script href="{}"/>',
    '<a href="{}"><rect/></a>',
    '<foreignObject><img src="{}"/></foreignObject>',
    '<rect filter="url({})"/>',
    "<rect onload=\"fetch('{}')\"/>",
    "<text>{}</text>",
    '<set attributeName="href" to="{}"/>',
    '<linearGradient href="{}"/>',
    '<rect mask="url({})"/>',
    '<font-face-uri xlink:href="{}"/>',
)


def _through_pictures(addresses: list[str]) -> tuple[int, list[str]]:
    """The same as drawings that a brand uploads as its mark: each has to be refused."""
    let_in, number = [], 0
    entity = '<!DOCTYPE svg [<!ENTITY x SYSTEM "{}">]>' + SVG.format("<desc>&x;</desc>")
    for address in addresses:
        safe = address.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        for drawing in (*(SVG.replace("{}", one) for one in DRAWN), entity):
            number += 1
            with suppress(BadPicture):
                cleaned(drawing.replace("{}", safe).encode())
                let_in.append(f"svg let in: {drawing[:60]} {address[:40]}")
    return number, let_in


def _through_engine(addresses: list[str], canary: Path) -> tuple[int, list[str]]:
    """HTML with the address in every construct, straight into the drawing: it ends, or draws without it."""
    from reports.rendering.drawing import written

    def draw(page: str) -> bytes:
        return written(Markup(page, (), ()), {}, MADE, lambda *_: None).content

    through, number = [], 0
    with _watched() as noted, _bounded():
        for at, address in enumerate(addresses):
            for place in PLACES[at % 4 :: 4]:
                number += 1
                page = f"<!DOCTYPE html><html lang=en><head><title>x</title></head><body>{place.format(address)}</body></html>"
                if (how := _reached(draw, page)) is not None:
                    through.append(f"engine {how}: {place[:40]} {address[:60]}")
        through += [f"{what}" for what in noted if not _is_inside(what, canary)]
    return number, through


@contextmanager
def _bounded() -> Iterator[None]:
    """A file without an end, were it read, must not take the machine with it."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _reached(draw: Callable[[str], bytes], page: str) -> str | None:
    """How the canary or an unknown end was reached; None where the drawing refused, or was made without it."""
    try:
        content = draw(page)
    except NotDrawn as error:
        return None if error.fault is Fault.OUTSIDE else f"ended as {error.fault}"
    except MemoryError:
        return "read without an end"
    found = CANARY in content or any(CANARY in one for one in attachments(content).values())
    return "read the canary" if found else None


def _is_inside(what: tuple[str, str], canary: Path) -> bool:
    event, told = what
    return event == "open" and told != str(canary) and not told.startswith(OUTSIDE)


_NOTED: list[list[tuple[str, str]]] = []


def _note(event: str, told: tuple[Any, ...]) -> None:
    if _NOTED and (event in CALLS or (event == "open" and isinstance(told[0], str))):
        _NOTED[-1].append((event, told[0] if event == "open" else repr(told[1:])))


@contextmanager
def _watched() -> Iterator[list[tuple[str, str]]]:
    """What Python opens, looks up and calls meanwhile. The hook stays, as hooks do, and then notes nothing."""
    if not _HOOKED:
        sys.addaudithook(_note)
        _HOOKED.append(True)
    _NOTED.append([])
    try:
        yield _NOTED[-1]
    finally:
        _NOTED.pop()


_HOOKED: list[bool] = []
