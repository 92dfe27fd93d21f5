"""What the settings promise about pages, cookies, caches and secrets."""

import pytest
from allauth.mfa.adapter import get_adapter
from django.conf import settings

from config.addresses import database_address, post_address
from config.cache import key_of


def test_the_content_policy_allows_nothing_unsafe() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    words = {str(word) for values in directives.values() for word in values}
    assert directives["default-src"] == ["'none'"]
    assert not [word for word in words if "unsafe" in word or word in {"*", "https:", "http:", "blob:"}]


def test_the_session_spans_the_brands_and_the_csrf_cookie_does_not() -> None:
    assert settings.SESSION_COOKIE_DOMAIN == settings.HUB_HOST
    assert settings.CSRF_COOKIE_DOMAIN is None


def test_no_app_is_shared_and_per_brand() -> None:
    assert not set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_tasks_speak_json_and_are_acknowledged_late() -> None:
    assert settings.CELERY["accept_content"] == ["json"]
    assert settings.CELERY["task_acks_late"]


def test_cache_keys_outside_a_brand_belong_to_the_hub() -> None:
    assert key_of("k", "", 1).startswith("hub:")


def test_cache_keys_carry_the_brand(brand_a, brand_b) -> None:
    from tenants.walls.scope import brand_scope

    keys = set()
    for brand in (brand_a, brand_b):
        with brand_scope(brand):
            keys.add(key_of("k", "", 1))
    assert len(keys) == 2


def test_second_factors_are_encrypted() -> None:
    adapter = get_adapter()
    hidden = adapter.encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in hidden
    assert adapter.decrypt(hidden) == "JBSWY3DP"


def test_files_have_no_public_address() -> None:
    from django.core.files.storage import default_storage

    with pytest.raises(ValueError, match="not accessible"):
        default_storage.url("picture.png")


def test_an_address_with_a_socket_folder() -> None:
    found = database_address("postgresql://me:p%40ss@/relais?host=%2Fvar%2Frun&sslmode=disable", seconds=60)
    assert (found["HOST"], found["NAME"], found["PASSWORD"]) == ("/var/run", "relais", "p@ss")
    assert found["OPTIONS"] == {"sslmode": "disable"}


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [("smtp://h", 25, False, False), ("smtp+tls://h", 587, True, False), ("smtps://h:4650", 4650, False, True)],
)
def test_addresses_of_mail_servers(address: str, port: int, tls: bool, ssl: bool) -> None:
    found = post_address(address)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
