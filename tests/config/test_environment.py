"""The reader of the environment: every setting can be read, and a wrong value is a numbered sentence, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment as env
from config.checks import wrong_on_the_wire

ROOT = Path(env.ROOT)
PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": "kd83jf-QmZpT7xw2-LrVb6yNc0-aHsEu4oGi9-RtXzKq5Bp1-WcYv",
    "FIELD_ENCRYPTION_KEYS": "3q2-7wR5kZ8hXo1nYpVtLb4sCgUfJd6eQmAiTzNyWx0=",
    "HUB_HOST": "relais.example",
    "DATABASE_URL": "postgresql://app:secret@db.example/relais?sslmode=verify-full",
    "BROKER_URL": "amqps://relais:secret@broker.example//",
    "EMAIL_URL": "smtp+tls://relais:secret@mail.example:587",
}


def command(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py in exactly this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env={**kept, **values}, capture_output=True, text=True
    )


@pytest.mark.parametrize("setting", env.ALL, ids=lambda setting: setting.name)
def test_every_setting_has_a_default_and_says_what_it_is(setting: env.Setting[object]) -> None:
    read = env.Environment({"MODE": "development"})
    assert read(setting) == (env.Mode.DEVELOPMENT if setting is env.MODE else setting.default)
    assert setting.help.endswith(".")
    assert read.problems == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (env.MODE, "staging"),
        (env.DEBUG, "perhaps"),
        (env.PUBLIC_PORT, "80000"),
        (env.PUBLIC_PORT, "http"),
        (env.CONNECTION_SECONDS, "301"),
        (env.HUB_HOST, "https://relais.example"),
        (env.DATABASE_URL, "mysql://somewhere/else"),
        (env.BROKER_URL, "kafka://somewhere"),
        (env.EMAIL_URL, "mail.example"),
        (env.FIELD_ENCRYPTION_KEYS, "too-short"),
    ],
)
def test_a_wrong_value_is_a_problem_that_says_what_to_set(setting: env.Setting[object], value: str) -> None:
    read = env.Environment({"MODE": "development", setting.name: value})
    assert read(setting) == setting.default
    [problem] = read.problems
    assert problem.id == "relais.E001"
    assert setting.name in problem.message
    assert setting.help in problem.hint
    assert value not in problem.message


def test_a_missing_value_is_a_problem_only_in_production() -> None:
    read = env.Environment({"MODE": "production"})
    for setting in env.ALL:
        read(setting)
    assert {problem.name for problem in read.problems} == {setting.name for setting in env.ALL if setting.needed}
    assert {problem.id for problem in read.problems} == {"relais.E002"}


def test_without_a_mode_it_is_production() -> None:
    assert env.Environment({}).mode is env.Mode.PRODUCTION


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("DATABASE_URL", "mysql://x/y", "relais.E001"),
        ("SECRET_KEY", "", "relais.E002"),
        ("SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "relais.E003"),
        ("FIELD_ENCRYPTION_KEYS", env.DEVELOPMENT_FIELD_KEY, "relais.E003"),
        ("DATABASE_OWNER_URL", "postgresql://app:other@db.example/relais", "relais.E004"),
    ],
)
def test_the_start_stops_with_a_number_and_a_sentence(name: str, value: str, number: str) -> None:
    values = {**PRODUCTION, name: value}
    said = command("check", **values)
    assert said.returncode != 0
    assert number in said.stderr
    assert f"Set {name.replace('_OWNER', '')}" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_web_process_does_not_start_either() -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    said = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={**kept, **PRODUCTION, "BROKER_URL": "carrier-pigeon"},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 4  # gunicorn gives up on this one
    assert "relais.E001" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_worker_does_not_start_either() -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    said = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo"],
        cwd=ROOT,
        env={**kept, **PRODUCTION, "EMAIL_URL": "carrier-pigeon"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 1
    assert "relais.E001" in said.stderr
    assert "Traceback" not in said.stderr


def test_production_is_clean() -> None:
    said = command("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "postgresql://app:secret@db.example/relais", "does not look at the certificate"),
        ("DATABASE_OWNER_URL", "postgresql://boss:secret@db.example/relais?sslmode=require", "does not look"),
        ("BROKER_URL", "amqp://relais:secret@broker.example//", "without TLS"),
        ("CACHE_URL", "redis://:secret@cache.example/0", "without TLS"),
        ("CACHE_URL", "rediss://:secret@cache.example/0?ssl_cert_reqs=none", "does not look"),
        ("EMAIL_URL", "smtp://relais:secret@mail.example:25", "without TLS"),
        ("DATABASE_URL", "postgresql://app:secret@/relais?host=/run/postgresql", ""),
        ("DATABASE_URL", "postgresql://app:secret@127.0.0.1/relais", ""),
        ("BROKER_URL", "redis+socket:///run/redis/redis.sock", ""),
        ("CACHE_URL", "rediss://:secret@cache.example/0?ssl_cert_reqs=required", ""),
        ("EMAIL_URL", "smtps://relais:secret@mail.example", ""),
    ],
)
def test_a_service_over_a_network_without_tls_is_named(name: str, value: str, said: str) -> None:
    wrong = wrong_on_the_wire(name, value)
    assert said in wrong and bool(said) is bool(wrong)
    assert "secret" not in wrong


def test_check_deploy_tells_of_it() -> None:
    said = command("check", "--deploy", **{**PRODUCTION, "BROKER_URL": "amqp://relais:secret@broker.example//"})
    assert said.returncode == 0 and "relais.W007" in said.stderr and "BROKER_URL" in said.stderr
    assert "secret" not in said.stderr.replace("Set SECRET", "")
