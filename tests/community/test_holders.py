"""Every column that could hold words about a member is covered: a new one that nobody has thought about fails here by name."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from clients.audit.erasing.holders import holders, nothing_held
from tenants.walls.router import brand_labels

TEXTUAL = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField, ArrayField)
SHORTEST_REASON = 10


def columns() -> Iterator[tuple[str, str]]:
    """Every column of the brand's schema that could hold a text or a file."""
    for label in brand_labels():
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if model._meta.managed and isinstance(field, TEXTUAL):
                    yield model._meta.label, field.name


def covered() -> set[tuple[str, str]]:
    return {(holder.model._meta.label, name) for holder in holders() for name in holder.fields}


def test_each_is_held_or_holds_nothing_with_a_reason() -> None:
    assert set(columns()) - covered() - set(nothing_held()) == set()


def test_none_is_both_and_none_is_declared_that_does_not_exist() -> None:
    assert covered() & set(nothing_held()) == set()
    assert (covered() | set(nothing_held())) - set(columns()) == set()


def test_each_reason_is_one() -> None:
    assert [reason for reason in nothing_held().values() if len(reason) < SHORTEST_REASON] == []


def test_a_column_that_words_are_taken_out_of_may_be_changed_by_an_erasure() -> None:
    """An append-only table refuses anything else, so the declaration and the trigger must say the same."""
    for holder in holders():
        if getattr(holder.model, "append_only", False) and not holder.whole:
            assert set(holder.fields) <= set(holder.model.redactable), holder.model


def test_the_rule_sees_a_new_column() -> None:
    assert len(set(columns())) > 100
    assert ("items.ItemNote", "text") in set(columns())
