"""What a channel takes, counted as the network counts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.vocabulary import ActionKind
from clients.channels.lengths import counted_length, measured
from clients.channels.port import Capabilities, Counting, Idempotency
from clients.channels.registry import connectors
from clients.channels.rules import (
    POSTLESS,
    ContentError,
    MediaFacts,
    is_web_link,
    most_parts,
    outgoing_text,
    takes_first_comment,
    validate_content,
)

TAKES = Capabilities(
    kinds=frozenset({ActionKind.PUBLISH, ActionKind.ANSWER, ActionKind.REACT}),
    idempotency=Idempotency.REMOTE_KEY,
    max_length=10,
    max_title=5,
    max_media=2,
    media_types=frozenset({"image/png"}),
    max_media_bytes=100,
    max_media_pixels=64,
    max_alt=20,
    recipient_for=frozenset({ActionKind.ANSWER}),
)
FINE = MediaFacts("image/png", 100, "A square", 8, 8)


@pytest.mark.parametrize(
    ("text", "points", "graphemes", "utf16", "utf8"),
    [
        ("", 0, 0, 0, 0),
        ("été", 3, 3, 3, 5),
        ("e\u0301te\u0301", 5, 3, 5, 7),
        ("👍", 1, 1, 2, 4),
        ("👍🏽", 2, 1, 4, 8),
        ("👨‍👩‍👧‍👦", 7, 1, 11, 25),
        ("🇫🇷🇪🇺", 4, 2, 8, 16),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 7, 1, 14, 28),
        ("❤️", 2, 1, 2, 6),
        ("a\r\nb", 4, 3, 4, 4),
        ("\n\u0301", 2, 2, 2, 3),
    ],
)
def test_lengths(text: str, points: int, graphemes: int, utf16: int, utf8: int) -> None:
    assert [counted_length(text, unit) for unit in Counting] == [points, graphemes, utf16, utf8]


@given(st.text())
def test_no_way_of_counting_fails_or_finds_more_graphemes_than_code_points(text: str) -> None:
    lengths = {unit: counted_length(text, unit) for unit in Counting}
    assert 0 <= lengths[Counting.GRAPHEMES] <= lengths[Counting.CODE_POINTS]
    assert lengths[Counting.CODE_POINTS] <= lengths[Counting.UTF16] <= lengths[Counting.UTF8] or not text.isascii()


def test_a_link_weighs_what_the_network_says() -> None:
    text = "Voir https://example.org/a/very/long/path?with=everything et http://b.fr"
    assert counted_length(text, Counting.CODE_POINTS, 23) == len("Voir  et ") + 2 * 23


def test_the_link_is_part_of_the_text_once() -> None:
    assert outgoing_text("Voir", "https://a.fr") == "Voir\nhttps://a.fr"
    assert outgoing_text("Voir https://a.fr", "https://a.fr") == "Voir https://a.fr"
    assert outgoing_text("", "https://a.fr") == "https://a.fr"


def test_a_content_within_all_limits_has_no_errors() -> None:
    assert validate_content("x" * 10, [FINE, FINE], TAKES, kind=ActionKind.PUBLISH, title="Titre") == ()


def test_a_draft_without_a_kind_is_not_asked_for_a_recipient() -> None:
    assert validate_content("x", [], TAKES) == ()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": "x" * 11}, ContentError("text_too_long", "text", 10, 11)),
        ({"text": "x", "link": "https://a.fr"}, ContentError("text_too_long", "text", 10, 14)),
        ({"text": " \n "}, ContentError("text_missing", "text")),
        ({"text": "a\x00b"}, ContentError("text_control_characters", "text")),
        ({"text": "a\u202eb"}, ContentError("text_control_characters", "text")),
        ({"title": "Titres"}, ContentError("title_too_long", "title", 5, 6)),
        ({"title": "a\nb"}, ContentError("title_control_characters", "title")),
        ({"kind": ActionKind.BAN}, ContentError("kind_not_supported", "kind", "answer, publish, react", "ban")),
        ({"kind": ActionKind.ANSWER}, ContentError("recipient_missing", "recipient")),
        ({"media": [FINE] * 3}, ContentError("media_too_many", "media", 2, 3)),
        (
            {"media": [FINE, replace(FINE, mime="image/gif")]},
            ContentError("media_type_not_taken", "media.1", "image/png", "image/gif"),
        ),
        ({"media": [replace(FINE, size=101)]}, ContentError("media_too_big", "media.0", 100, 101)),
        ({"media": [replace(FINE, width=9)]}, ContentError("media_too_many_pixels", "media.0", 64, 72)),
        ({"media": [replace(FINE, alt=" ")]}, ContentError("alt_missing", "media.0.alt")),
        ({"media": [replace(FINE, alt="x" * 21)]}, ContentError("alt_too_long", "media.0.alt", 20, 21)),
        ({"text": "", "link": "ftp:a"}, ContentError("link_not_web", "link", "https://", "ftp:a")),
    ],
)
def test_each_error_names_its_field_its_limit_and_what_was_found(changes: dict, error: ContentError) -> None:  # type: ignore[type-arg]
    content = {"text": "Bonjour", "media": [], "kind": ActionKind.PUBLISH} | changes
    assert validate_content(content.pop("text"), content.pop("media"), TAKES, **content) == (error,)


def test_a_reaction_needs_no_words() -> None:
    assert validate_content("", [], TAKES, kind=ActionKind.REACT) == ()


def test_a_picture_needs_no_text() -> None:
    assert validate_content("", [FINE], TAKES, kind=ActionKind.PUBLISH) == ()


def test_line_breaks_of_windows_are_line_breaks() -> None:
    assert validate_content("a\r\nb", [], TAKES) == ()


def test_a_title_where_there_is_no_room_for_one_is_only_the_house_s_own() -> None:
    assert validate_content("x", [], replace(TAKES, max_title=0), title="A long title of the item") == ()


@pytest.mark.parametrize("link", ["https://example.org", "http://é.fr/ü?q=1#x", "https://[2001:db8::1]/"])
def test_web_links(link: str) -> None:
    assert is_web_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:// a",
        "https://a\nb",
        "//a.fr",
        "https://u:p@a.fr",
        "https://[",
        "mailto:a@b.fr",
        "https://a.fr/" + "x" * 2000,
    ],
)
def test_what_only_looks_like_a_link(link: str) -> None:
    assert not is_web_link(link)


def test_a_text_beside_a_picture_may_have_a_limit_of_its_own() -> None:
    takes = replace(TAKES, max_caption=4)
    assert validate_content("x" * 10, [], takes) == () and validate_content("x" * 4, [FINE], takes) == ()
    assert validate_content("x" * 5, [FINE], takes) == (ContentError("text_too_long", "text", 4, 5),)
    assert validate_content("x" * 10, [FINE], TAKES) == ()


def test_a_title_is_needed_by_the_kind_of_act() -> None:
    takes = replace(TAKES, title_required_for=frozenset({ActionKind.PUBLISH}))
    missing = (ContentError("title_missing", "title"),)
    assert validate_content("Bonjour", [], takes, kind=ActionKind.PUBLISH) == missing
    assert validate_content("Bonjour", [], takes, kind=ActionKind.PUBLISH, title="Port") == ()
    assert validate_content("Bonjour", [], takes, kind=ActionKind.ANSWER, recipient="@jo") == ()
    assert validate_content("Bonjour", [], takes) == ()  # a draft that has no kind yet


def test_only_kinds_that_a_network_performs_can_need_a_title() -> None:
    for port in connectors():
        assert port.declares.title_required_for <= port.declares.kinds, port.kind
        assert not port.declares.title_required_for or port.declares.max_title, port.kind


def test_what_makes_no_post_has_neither_thread_nor_first_comment() -> None:
    kinds = frozenset(ActionKind)
    takes = replace(TAKES, kinds=kinds, max_parts=3, first_comment=True, recipient_for=frozenset())
    for kind in ActionKind:
        found = {e.code for e in validate_content("Un", [], takes, kind=kind, parts=("Deux",), first_comment="Et ?")}
        refused = {"too_many_parts", "first_comment_not_taken"} if kind in POSTLESS else set()
        assert found == refused, kind
        assert (most_parts(takes, kind) > 1, takes_first_comment(takes, kind)) == (not refused, not refused)


@given(
    text=st.text(max_size=30), counting=st.sampled_from(Counting), pictured=st.booleans(), heaviest=st.integers(0, 40)
)
def test_what_a_counter_shows_is_what_is_checked(text: str, counting: Counting, pictured: bool, heaviest: int) -> None:
    takes = replace(TAKES, counting=counting, max_caption=4, max_bytes=heaviest, link_weight=3)
    size = measured(text.strip(), takes, beside_media=pictured)
    errors = validate_content(text, [FINE] if pictured else [], takes)
    told = {(e.code, e.limit, e.actual) for e in errors if e.code in {"text_too_long", "text_too_heavy"}}
    if size.too_long:
        assert told == {("text_too_long", size.most, size.length)}
    elif size.too_heavy:
        assert told == {("text_too_heavy", size.heaviest, size.weight)}
    else:
        assert not told


@pytest.mark.parametrize(("text", "fits"), [("#a #b&#c;", True), ("#a #b #été", False), ("a#b #c##d", True)])
def test_hashtags_are_counted_as_readers_see_them(text: str, fits: bool) -> None:
    few = replace(TAKES, max_hashtags=2)
    found = validate_content(text, [], few, kind=ActionKind.PUBLISH)
    assert found == (() if fits else (ContentError("hashtags_too_many", "text", 2, 3),))


def test_where_nothing_is_published_without_a_picture() -> None:
    pictured = replace(TAKES, min_media=1)
    missing = (ContentError("media_too_few", "media", 1, 0),)
    assert validate_content("Bonjour", [], pictured, kind=ActionKind.PUBLISH) == missing
    assert validate_content("Bonjour", [FINE], pictured, kind=ActionKind.PUBLISH) == ()
    assert validate_content("Bonjour", [], pictured, kind=ActionKind.REACT) == ()
