"""Generated documents say what the program says."""

from config import documents


def test_no_document_is_stale() -> None:
    assert documents.stale() == [], "run: manage.py document"


def test_the_drawing_of_an_item_knows_every_state() -> None:
    from clients.items.life import LIFE

    drawing = documents.item_life()
    assert all(str(state) in drawing for state in LIFE)
