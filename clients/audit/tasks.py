"""The rounds of a sealer: every brand with something in the queue, one after the other; none that fails stops another.

Besides, the rounds of looking: guards each minute, a part of each log once an hour, the whole of it once a day.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.models import F, Min, Q
from django.utils import timezone

from clients.audit.alarms import alarms_of, brands_without_guard
from clients.audit.recomputing import fault_in_part, fault_in_whole
from clients.audit.sealing import Sealed, seal_batch
from tenants.errors import RelaisError
from tenants.models import Brand, LogHead, Unsealed
from tenants.vocabulary import BrandState
from tenants.walls.scope import BrandRef

log = structlog.get_logger(__name__)

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)

# A line that cannot even be read back (a number or a nesting that no reader of JSON takes) is its own brand's fault alone.
_OF_ONE_BRAND = (RelaisError, DatabaseError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError)

# One word for the columns of `LogHead`: what sealing found is taken back by sealing, what checking found by checking. A seal that
# fails for a moment must not take the place of what checking found: the next good one would take back both.
SEALING, CHECKING = "seal", "check"
_FAULT = """
    INSERT INTO tenants_loghead AS head (brand_id, fault, fault_at) VALUES (%s, %s, clock_timestamp())
    ON CONFLICT (brand_id) DO UPDATE SET fault = excluded.fault, fault_at = excluded.fault_at
    WHERE head.fault <> excluded.fault AND NOT (starts_with(head.fault, 'check') AND starts_with(excluded.fault, 'seal'))"""
_CLEAR = "UPDATE tenants_loghead SET fault = '', fault_at = NULL WHERE brand_id = %s AND starts_with(fault, %s)"


def seal_round() -> int:
    """One batch of every brand that has something waiting. Returns how many lines are sealed; run again while it is not 0."""
    return sum(_seal(brand).lines for brand in brands_waiting())


def brands_waiting() -> list[BrandRef]:
    """Those with the oldest line first."""
    oldest = dict(Unsealed.objects.values("brand_id").annotate(since=Min("queued_at")).values_list("brand_id", "since"))
    brands = Brand.objects.filter(pk__in=oldest).exclude(state=BrandState.GONE)
    return [brand.ref() for brand in sorted(brands, key=lambda brand: oldest[brand.pk])]


def _seal(brand: BrandRef) -> Sealed:
    try:
        done = seal_batch(brand)
    except _OF_ONE_BRAND as error:
        code = error.code if isinstance(error, RelaisError) else type(error).__name__
        note_fault(brand, f"{SEALING}: {code}")
        log.error("log_not_sealed", brand=str(brand.id), fault=code)
        return Sealed()
    if done.left:
        note_fault(brand, f"{SEALING}: line_missing")
        log.error("log_line_missing", brand=str(brand.id), lines=done.left)
    elif done.lines:
        clear_fault(brand, SEALING)
    return done


def note_fault(brand: BrandRef, fault: str) -> None:
    """Kept on the hub until the same kind of work finds the log whole again."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULT, [brand.id, fault[:200]])


def clear_fault(brand: BrandRef, kind: str) -> None:
    if LogHead.objects.filter(pk=brand.id, fault__startswith=kind).exists():
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR, [brand.id, kind])


def look_round() -> int:
    """Recompute what is due: a part of each log, or the whole of one. Returns how many logs were looked at."""
    wholes = _due("whole_checked_at", A_DAY)[:1]
    for brand in wholes:
        _look(brand, "whole_checked_at", fault_in_whole)
    parts = _due("part_checked_at", AN_HOUR)
    for brand in parts:
        _look(brand, "part_checked_at", fault_in_part)
    return len(wholes) + len(parts)


def warn_round() -> list[BrandRef]:
    """Say in the log of this program what is wrong with whose log."""
    troubled = {brand.id: brand for brand in brands_without_guard()}
    faulty = LogHead.objects.exclude(fault="").values_list("brand_id", flat=True)
    known = Brand.objects.filter(pk__in={*faulty, *(brand.id for brand in brands_waiting())})
    troubled |= {brand.pk: brand.ref() for brand in known}
    found = [(brand, alarms_of(brand)) for brand in troubled.values()]
    for brand, alarms in found:
        for alarm in alarms:
            log.error("log_alarm", brand=str(brand.id), alarm=alarm.code, detail=alarm.detail)
    return [brand for brand, alarms in found if alarms]


def _due(column: str, after: timedelta) -> list[BrandRef]:
    """Sealed logs that were looked at longest ago, first."""
    due = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": timezone.now() - after})
    heads = LogHead.objects.filter(due, size__gt=0).order_by(F(column).asc(nulls_first=True))
    ids = list(heads.values_list("brand_id", flat=True))
    brands = Brand.objects.exclude(state=BrandState.GONE).in_bulk(ids)
    return [brands[pk].ref() for pk in ids if pk in brands]


def _look(brand: BrandRef, column: str, at: Callable[[BrandRef], str]) -> None:
    try:
        fault = at(brand)
    except _OF_ONE_BRAND as error:
        fault = type(error).__name__
    if fault:
        note_fault(brand, f"{CHECKING}: {fault}")
        log.error("log_fault", brand=str(brand.id), fault=fault)
    elif column == "whole_checked_at":
        clear_fault(brand, CHECKING)
    LogHead.objects.filter(pk=brand.id).update(**{column: timezone.now()})
