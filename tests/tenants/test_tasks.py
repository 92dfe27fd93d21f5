"""Tasks find their brand in a header, through worker threads, retries, chains and chords, and are refused otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery, chain, chord
from celery.contrib.testing.worker import start_worker
from django.db import connection

from tenants.brandref import BrandRef
from tenants.errors import Missing, Refused
from tenants.ids import uuid7
from tenants.models import Brand
from tenants.tasks import BRAND_HEADER, BrandTask, HubTask
from tenants.walls.scope import brand_scope, current_brand

app = Celery("brand-tasks", broker="memory://", backend="cache+memory://", set_as_current=False)
app.conf.update(task_default_queue="brand-tasks", broker_connection_retry_on_startup=False)


def place() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            return str(cursor.fetchone()[0])
    finally:
        if current_brand() is None:
            connection.close()


@app.task(base=BrandTask)
def visit(brand: BrandRef, before: Any = None) -> list[str]:
    with brand_scope(brand):
        return [*(before or []), place()]


class Scoped(BrandTask):
    abstract = True
    scoped = True


@app.task(base=Scoped)
def visit_scoped(brand: BrandRef) -> str:
    return place()


@app.task(base=BrandTask, bind=True, max_retries=2)
def flaky(self: Any, brand: BrandRef) -> tuple[str, int]:
    if self.request.retries < 2:
        raise self.retry(countdown=0)
    with brand_scope(brand):
        return place(), self.request.retries


@app.task(base=BrandTask)
def child(brand: BrandRef) -> str:
    return str(visit.delay().id)


@app.task(base=HubTask)
def on_hub(*args: Any) -> str:
    return place()


@pytest.fixture(scope="module")
def threads() -> Iterator[None]:
    """One worker with three threads; it takes seconds to stop."""
    with start_worker(app, perform_ping_check=False, pool="threads", concurrency=3):
        yield


@pytest.fixture
def worker(threads: None, real_brands: tuple[BrandRef, BrandRef]) -> tuple[BrandRef, BrandRef]:
    return real_brands


def test_tasks_of_two_brands_in_one_pool_of_threads(worker: tuple[BrandRef, BrandRef]) -> None:
    sent = []
    for number in range(12):
        brand = worker[number % 2]
        with brand_scope(brand):
            sent.append((brand, visit.delay()))
        sent.append((brand, visit.apply_async(brand=brand)))
    assert all(result.get(timeout=20) == [brand.schema_name] for brand, result in sent)


def test_retry_chain_chord_child_and_hub(worker: tuple[BrandRef, BrandRef]) -> None:
    ours, theirs = (brand.schema_name for brand in worker)
    with brand_scope(worker[0]):
        chained = chain(visit.s(), visit.s(), visit.s()).apply_async()
        retried = flaky.delay()
        gathered = chord([visit.s(), visit.s()])(on_hub.s())
    inherited = child.apply_async(brand=worker[1]).get(timeout=20)
    assert chained.get(timeout=20) == [ours] * 3
    assert tuple(retried.get(timeout=20)) == (ours, 2)
    assert gathered.get(timeout=20) == "public"
    assert visit.AsyncResult(inherited).get(timeout=20) == [theirs]
    assert visit_scoped.apply_async(brand=worker[1]).get(timeout=20) == theirs


def test_refusals_fail_the_task(worker: tuple[BrandRef, BrandRef]) -> None:
    suspended = Brand.objects.get(slug="maison-s").ref()
    with pytest.raises(Missing):
        visit.apply_async(brand=suspended).get(timeout=20)
    with pytest.raises(Missing):
        visit.apply_async(headers={BRAND_HEADER: str(uuid7())}).get(timeout=20)
    with pytest.raises(Refused, match="task_without_brand"):
        visit.delay()
