"""Guessing passwords: after some failures even the right one is refused for a while, and the answer does not say who exists."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tenants.models import Person

WRONG = "not the password"


@pytest.fixture(autouse=True)
def _limits(settings: LazySettings) -> Iterator[None]:
    settings.AXES_ENABLED = True
    cache.clear()
    yield
    cache.clear()


def sign_in(address: str, password: str, settings: LazySettings) -> bool:
    client = Client(HTTP_HOST=settings.HUB_HOST)
    answer = client.post(reverse("account_login"), {"login": address, "password": password})
    assert answer.status_code in {302, 200, 429}
    return "_auth_user_id" in client.session


def test_the_right_password_opens(person_factory, settings: LazySettings) -> None:
    person: Person = person_factory(email="claire@example.org")
    assert sign_in("Claire@example.org", "correct horse", settings)
    assert not sign_in(person.email, WRONG, settings)


def test_guessing_is_stopped(person_factory, settings: LazySettings) -> None:
    person: Person = person_factory(email="marc@example.org")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert not sign_in(person.email, WRONG, settings)
    assert not sign_in(person.email, "correct horse", settings)


def test_guessing_is_stopped_without_the_cache_too(person_factory, settings: LazySettings) -> None:
    """The cache may be each process's own; the count in the database is everybody's."""
    person: Person = person_factory(email="sophie@example.org")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        cache.clear()
        assert not sign_in(person.email, WRONG, settings)
    cache.clear()
    assert not sign_in(person.email, "correct horse", settings)


def test_nobody_can_sign_up(settings: LazySettings, db: None) -> None:
    client = Client(HTTP_HOST=settings.HUB_HOST)
    client.post("/account/signup/", {"email": "new@example.org", "password1": "a long enough secret"})
    assert not Person.objects.filter(email="new@example.org").exists()
