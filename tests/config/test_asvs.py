"""docs/asvs.md: every row has an answer, and what it names is there; and the few settings that only it asks for."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config import settings as product

ROOT = Path(settings.BASE_DIR)
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+) \|$", re.MULTILINE)
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+|[\w-]+\.(?:md|lock|toml))`")
REQUIREMENTS = 253  # of level 1 and 2 in version 5.0.0


def test_every_row_has_an_answer_that_is_there() -> None:
    rows = ROW.findall((ROOT / "docs/asvs.md").read_text())
    assert len(rows) == len({number for number, _, _ in rows}) == REQUIREMENTS
    for number, _level, answer in rows:
        named = PATH.findall(answer)
        assert named or "`make " in answer or answer.startswith(("not applicable because: ", "open: ")), number
        assert [path for path in named if not (ROOT / path).exists()] == [], number


def test_the_figures_at_the_top_are_counted() -> None:
    text = (ROOT / "docs/asvs.md").read_text()
    answers = [answer for _, _, answer in ROW.findall(text)]
    apart = sum(answer.startswith("not applicable") for answer in answers)
    waiting = sum(answer.startswith("open") for answer in answers)
    said = f"{REQUIREMENTS - apart - waiting} answered, {apart} do not apply, {waiting} open."
    assert said in text


@pytest.mark.parametrize("password", ["elevensigns", "password1234", "qwerty123456"])
def test_passwords_that_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["vingt chats dans un sac", "é" * 12, "x y" * 40, "ALLCAPITALSHERE"])
def test_passwords_of_any_composition(password: str) -> None:
    validate_password(password)


def test_how_passwords_and_cookies_are_kept() -> None:
    assert product.PASSWORD_HASHERS[0].endswith("ScryptPasswordHasher")
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) == timedelta(days=14)
    assert settings.SESSION_COOKIE_HTTPONLY and settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.LANGUAGE_COOKIE_SAMESITE == "Lax"
    assert product.SESSION_ENGINE == "config.sessions" and "config.sessions.SessionMiddleware" in product.MIDDLEWARE
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-ancestors"] == ["'none'"]
