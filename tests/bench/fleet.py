"""A thousand brands: nothing to migrate, and one added column, beside stock django-tenants' executor in the same database.

The stock executor is run on a few schemas among all of ours, and its time a schema is multiplied by the number of brands: its
cost grows with the number of schemas present, so that is what it would take here.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tenants import fleet as ours
from tenants.fingerprint import fingerprint
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tests.bench._tenancy import PEER_NOTE, brands_until, drop_schemas, ratio, stock, stock_schemas
from tests.tenants.releases import ADD_FIELD, MODULES, releases

SIZE = {"small": 100, "full": 1000}
SAMPLE = 5
ROUNDS = 5


def run(scale: str) -> dict[str, Any]:
    """Seconds for the whole fleet."""
    brands_until(SIZE[scale])
    size = Brand.objects.exclude(state=BrandState.GONE).count()
    nothing = median(_seconds(_as_a_new_process) for _ in range(ROUNDS))
    verified = median(_seconds(ours.verify) for _ in range(ROUNDS))
    with tempfile.TemporaryDirectory() as folder, releases(Path(folder)) as release:
        with stock() as peer:
            schemas = stock_schemas(peer, SAMPLE)
            idle = peer.ask(do="migrate", schemas=schemas)
        release(ADD_FIELD)
        with stock(MODULES, (folder,)) as peer:
            change = peer.ask(do="migrate", schemas=schemas)
        began, busy = time.perf_counter(), time.process_time()
        report = ours.migrate()
        changed, cpu = time.perf_counter() - began, time.process_time() - busy
        left = len(ours.verify())
    drop_schemas(schemas)
    stock_idle, stock_change = (median(wall for wall, _, _ in found) * size / 1000 for found in (idle, change))
    return {
        "name": f"migrate {size} brands",
        "unit": "seconds for all brands",
        "ours": {
            "nothing_pending": round(nothing, 4),
            "one_added_column": round(changed, 2),
            "one_added_column_client_cpu": round(cpu, 2),
            "verify_every_schema": round(verified, 3),
            "a_brand_ms": round(changed / size * 1000, 2),
            "failed": len(report.failed),
            "behind_afterwards": left,
        },
        "peer": {"nothing_pending": round(stock_idle, 1), "one_added_column": round(stock_change, 1), "sample": SAMPLE},
        "limit": None,
        "ratios": {
            "peer_to_ours_nothing_pending": ratio(stock_idle, nothing),
            "peer_to_ours_one_added_column": ratio(stock_change, changed),
        },
        "goals": {
            "nothing_1_s": nothing <= 1,
            "one_column_15_s": changed <= 15,
            "all_migrated": not report.failed and not left,
        },
        "notes": f"peer time a schema multiplied by {size}; {PEER_NOTE}",
    }


def _as_a_new_process() -> None:
    """Nothing pending, with the migrations on disk read and hashed anew."""
    fingerprint.cache_clear()
    ours.migrate()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
