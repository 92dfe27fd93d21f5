"""French is complete: every sentence of the sources has its French, none is doubtful, and it is set as French is set."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "portal" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
Key = tuple[str | None, str]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def spoken(catalogue: Catalog) -> Iterator[tuple[Message, str]]:
    for message in catalogue:
        if message.id:
            for text in [message.string] if isinstance(message.string, str) else message.string:
                yield message, text


def test_nothing_untranslated_and_nothing_doubtful(catalogue: Catalog) -> None:
    assert [m.id for m, text in spoken(catalogue) if not text.strip()] == []
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_every_sentence_of_the_sources_is_there(catalogue: Catalog) -> None:
    known: set[Key] = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue if m.id}
    assert {key for key in sentences_in_sources() if key not in known} == set()


def test_set_as_french_is_set(catalogue: Catalog) -> None:
    """Typographic apostrophes and quotation marks, and a space that does not break before : ; ! ? and inside « »."""
    wrong = re.compile(r"'| [:;!?»]|« |[^\s\u202f\u00a0][;!?](?!\w)|\"|“")
    assert [text for _m, text in spoken(catalogue) if wrong.search(re.sub(r"https?://", "", text))] == []


def test_nobody_is_addressed_as_tu(catalogue: Catalog) -> None:
    familiar = re.compile(r"\b(tu|toi|ton compte|tes|ta)\b", re.IGNORECASE)
    assert [text for _m, text in spoken(catalogue) if familiar.search(text)] == []


def sentences_in_sources() -> Iterator[Key]:
    for package in ("clients", "tenants", "portal", "api", "config"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from _sentences(path.read_text())
    for package in ("portal", "api"):
        for path in sorted((ROOT / package / "templates").rglob("*.*")):
            yield from _sentences(templatize(path.read_text(), origin=str(path)))


def _sentences(source: str) -> Iterator[Key]:
    for _line, found, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield context, found if isinstance(found, str) else found[0]
