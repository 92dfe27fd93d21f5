"""Celery tasks know their brand by a header, and find it in `__call__`: what fails there fails the task.

(Stock tenant-aware Celery decides in a signal; Celery swallows exceptions in signals, and the task then runs in `public`.)
A brand is never guessed: publishing without one raises, and so does running for one that is not served any more.
"""

from typing import Any, ClassVar
from uuid import UUID

from celery import Task, current_task

from tenants.brandref import BrandRef
from tenants.errors import Refused
from tenants.queries import serving_brand
from tenants.walls.scope import brand_scope, current_brand

BRAND_HEADER = "relais_brand"


class BrandTask(Task):
    """A task of one brand: called with the `BrandRef` as its first argument, outside every transaction.

    With `scoped = True` its whole run is one `brand_scope`. Publish with `task.apply_async(args, brand=ref)`, or from within
    a brand's scope or another BrandTask, whose brand it then inherits (retries and chains do).
    """

    abstract = True
    typing = False  # Celery would miss the brand among the arguments, which is added when the task runs
    scoped: ClassVar[bool] = False

    def apply_async(self, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> Any:
        """Celery's, with the brand put into the header. Raises Refused('task_without_brand')."""
        headers = dict(options.pop("headers", None) or {})
        brand: BrandRef | None = options.pop("brand", None)
        if brand is not None:
            headers[BRAND_HEADER] = str(brand.id)
        if BRAND_HEADER not in headers:
            headers[BRAND_HEADER] = _inherited()
        return super().apply_async(args, kwargs, *more, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Find the brand of the message, or fail."""
        _refuse_open_scope(self.name)
        named = _header(self)
        if not named:
            raise Refused("task_without_brand", task=self.name)
        brand = serving_brand(UUID(named))
        if not self.scoped:
            return self.run(brand, *args, **kwargs)
        with brand_scope(brand):
            return self.run(brand, *args, **kwargs)


class HubTask(Task):
    """A task of the installation: no brand, declared so in code and never by a message."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run on the hub."""
        _refuse_open_scope(self.name)
        return self.run(*args, **kwargs)


def _inherited() -> str:
    if brand := current_brand():
        return str(brand.id)
    named = _header(current_task) if current_task else ""
    if not named:
        raise Refused("task_without_brand")
    return named


def _header(task: Any) -> str:
    return str((task.request.headers or {}).get(BRAND_HEADER) or task.request.get(BRAND_HEADER) or "")


def _refuse_open_scope(name: str) -> None:
    """Run eagerly inside a scope, a task would see rows that are not committed, and commit nothing of its own."""
    if current_brand() is not None:
        raise Refused("task_inside_scope", task=name)
