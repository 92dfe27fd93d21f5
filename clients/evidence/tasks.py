"""Evidence's share of the outbox: the recomputation, stretch after stretch, and each day's checkpoint. The portal mails it."""

import time
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.evidence.actions import A_DAY, CHECK, DAILY, date_daily, go_on_checking, send_daily
from clients.outbox.registry import Later, each_day, handles
from tenants.walls.scope import BrandRef

STINT = 5.0
"""Seconds after which others get their turn."""


@handles(CHECK)
def check(brand: BrandRef, payload: dict[str, Any]) -> None:
    until = time.monotonic() + STINT
    while go_on_checking(brand, check_id=UUID(payload["check"])):
        if time.monotonic() > until:
            raise Later(timezone.now())


@handles(DAILY)
def daily(brand: BrandRef, payload: dict[str, Any]) -> None:
    if send_daily(brand):
        raise Later(timezone.now() + A_DAY)


@each_day
def date(brand: BrandRef) -> None:
    date_daily(brand)
