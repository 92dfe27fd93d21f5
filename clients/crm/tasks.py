"""What is looked after once a day: tables that are old, and conversations that systems want to know of."""

from clients.autonomy.vocabulary import EntryPoint
from clients.crm.actions import empty_imports, note_talks
from clients.outbox.registry import each_day
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@each_day
def look_after(brand: BrandRef) -> None:
    worker = process_of(brand, EntryPoint.WORKER, "crm")
    empty_imports(worker)
    note_talks(worker)
