"""`localhost` on one's own machine: it leads to the hub there, and is no host of ours anywhere else."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tenants.middleware import BrandHostMiddleware


@pytest.mark.django_db
def test_localhost_leads_to_the_hub_only_where_the_settings_say_so(settings: Any) -> None:
    ask = RequestFactory().get("/anything?x=1", headers={"host": "localhost:8000"}, SERVER_PORT="8000")
    door = BrandHostMiddleware(lambda request: HttpResponse())
    assert door(ask).status_code == 404

    settings.OWN_MACHINE_HOSTS = frozenset({"localhost"})
    answer = door(ask)

    assert (answer.status_code, answer["Location"]) == (302, f"http://{settings.HUB_HOST}:8000/")
