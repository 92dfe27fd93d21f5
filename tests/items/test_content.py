"""One exact content: it comes back from the database as it went in, and any other content has another digest."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.items.content import Content, MediaRef, digest_of

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
channels = st.sampled_from([str(uuid4()) for _ in range(3)])
moments = st.none() | st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kolkata")]),
).filter(lambda moment: moment.astimezone(UTC) == moment)
# In Python an hour that a clock shows twice, or never, equals no moment of another zone: what comes back cannot be compared.
contents = st.builds(
    Content,
    kind=st.sampled_from(ActionKind),
    channels=st.lists(channels, unique=True, max_size=3).map(tuple),
    text=words,
    sensitivity=st.sampled_from(Sensitivity),
    title=words,
    link=words,
    topic=words,
    recipient=words,
    target=words,
    variants=st.dictionaries(channels, words, max_size=2),
    media=st.lists(st.builds(MediaRef, digest=words, alt=words), max_size=2).map(tuple),
    not_before=moments,
    not_after=moments,
)


@given(contents)
def test_a_content_comes_back_as_it_went_in(content: Content) -> None:
    stored = orjson.loads(orjson.dumps(content.as_data()))
    back = Content.from_data(stored)
    assert back == content
    assert digest_of(back.as_data()) == digest_of(content.as_data())


@given(contents)
def test_the_digest_does_not_depend_on_the_order_of_keys(content: Content) -> None:
    data = content.as_data()
    assert digest_of(dict(reversed(data.items()))) == digest_of(data)


@given(contents, st.data())
def test_any_change_of_any_field_is_another_digest(content: Content, data: st.DataObject) -> None:
    other = data.draw(contents)
    for each in fields(Content):
        changed = replace(content, **{each.name: getattr(other, each.name)})
        same = changed.as_data() == content.as_data()
        assert (digest_of(changed.as_data()) == digest_of(content.as_data())) is same


FULL = Content(
    kind=ActionKind.PUBLISH,
    channels=("a", "b"),
    text="un",
    title="t",
    variants={"a": "deux"},
    media=(MediaRef("d", "mots"),),
    not_before=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "un "},
        {"variants": {"a": "deux!"}},
        {"variants": {"b": "deux"}},
        {"variants": {}},
        {"media": (MediaRef("d", "autres mots"),)},
        {"media": (MediaRef("e", "mots"),)},
        {"media": ()},
        {"channels": ("b", "a")},
        {"channels": ("a",)},
        {"not_before": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=1)},
        {"not_after": datetime(2026, 1, 2, tzinfo=UTC)},
        {"title": ""},
        {"kind": ActionKind.SCHEDULE},
        {"sensitivity": Sensitivity.CRISIS},
    ],
    ids=str,
)
def test_the_smallest_change_is_another_content(change: dict[str, Any]) -> None:
    assert digest_of(replace(FULL, **change).as_data()) != digest_of(FULL.as_data())


def test_a_channel_without_a_wording_of_its_own_says_the_text() -> None:
    assert (FULL.text_for("a"), FULL.text_for("b")) == ("deux", "un")
