"""Tables as people's spreadsheets write them, and every trouble by its line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.items.tables import COLUMNS, MOST_ROWS, POSTS, neutral, plain, read_table, write_table
from tenants.errors import Invalid

FRENCH = "date;heure;canal;texte\n2027-01-02;9:30;Le mur;Déjà l’été\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_signs_and_ends_of_lines(encoding: str, sign: str, end: str) -> None:
    (line,) = read_table(FRENCH.replace(";", sign).replace("\n", end).encode(encoding))
    assert line.number == 2
    assert line.cells == {"date": "2027-01-02", "time": "9:30", "channels": "Le mur", "text": "Déjà l’été"}


def test_lines_are_counted_as_an_editor_counts() -> None:
    table = 'sep=;\ntext;title\n"one\nand two";a\n\n;\n"x ""y""; z";b\nlast;c;too much\n'
    found = read_table(table.encode())
    assert [(line.number, line.cells["text"], line.odd) for line in found] == [
        (3, "one\nand two", False),
        (7, 'x "y"; z', False),
        (8, "last", True),
    ]


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        (b"", "table_empty", {}),
        (b"text\n", "table_empty", {}),
        (b"text\n\n ;\n", "table_empty", {}),
        (b"title\nx\n", "table_without_text", {}),
        (b"text;texte\na;b\n", "table_column_twice", {"name": "texte"}),
        (b"text;colour\na;b\n", "table_column_unknown", {"name": "colour"}),
        (b'text\nfine\n"open\n', "table_unreadable", {"line": 3}),
        (b"text\na\0b\n", "table_unreadable", {"line": 2}),
        (b"text\nok\n\x81\xff\n", "table_unreadable", {"line": 3}),
        (b"text\n" + b"x\n" * (MOST_ROWS + 1), "table_too_long", {"limit": MOST_ROWS, "actual": MOST_ROWS + 1}),
        (b"x" * 2_000_001, "table_too_big", {"limit": 2}),
        (b"\x89PNG\r\n\x1a\n\0\0", "table_unreadable", {"line": 3}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_told(data: bytes, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(Invalid) as told:
        read_table(data)
    assert (told.value.code, told.value.field, told.value.facts) == (code, "file", facts)


def test_a_thousand_rows_are_taken() -> None:
    assert len(read_table(b"text\n" + b"x\n" * MOST_ROWS)) == MOST_ROWS


@pytest.mark.parametrize(
    "cell", ["=1+1", "+33 1 23", "-2", "@SUM(A1)", "\tx", "\rx", "'=already", "=cmd|' /C calc'!A0"]
)
def test_no_cell_of_ours_is_a_formula(cell: str) -> None:
    written = write_table([{"text": cell}])
    read = next(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""), delimiter=";"))["text"]
    assert read == f"'{cell}" == neutral(cell)
    assert plain(read) == cell


@given(
    cells=st.dictionaries(
        st.sampled_from((*COLUMNS, *POSTS)), st.text(st.characters(codec="utf-8", exclude_characters="\0\r"))
    )
)
def test_what_was_written_is_read_again(cells: dict[str, str]) -> None:
    if not any(cell.strip() for cell in cells.values()):
        return
    (line,) = read_table(write_table([cells]).encode())
    assert {column: cell for column, cell in line.cells.items() if cell} == {c: v for c, v in cells.items() if v}


@pytest.mark.parametrize(
    "heads", ["text;post 2;Post 3;first comment", "texte;publication 2;suite 3;Premier commentaire"]
)
def test_threads_and_first_comments_have_columns_in_both_languages(heads: str) -> None:
    (line,) = read_table(f"{heads}\nUn;'=1+1;Trois;'+1 pour vous\n".encode())
    assert line.cells == {"text": "Un", "post 2": "=1+1", "post 3": "Trois", "first comment": "+1 pour vous"}


@pytest.mark.parametrize("head", ["post 1", "post 27", "post", "publication 99"])
def test_a_post_that_no_thread_has_is_no_column(head: str) -> None:
    with pytest.raises(Invalid, match="table_column_unknown"):
        read_table(f"text;{head}\na;b\n".encode())


def test_as_many_post_columns_are_written_as_the_longest_thread_needs() -> None:
    assert "post" not in write_table([{"text": "Un"}]).split("\r\n")[0]
    written = write_table([{"text": "Un", "post 2": "=2"}, {"text": "Un", "post 2": "Deux", "post 3": "@trois"}])
    assert written.split("\r\n")[0].split(";")[5:9] == ["text", "post 2", "post 3", "first comment"]
    assert "'=2" in written and "'@trois" in written
    assert [line.cells["post 2"] for line in read_table(written.encode())] == ["=2", "Deux"]
