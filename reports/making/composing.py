"""Where making meets the other parts: facts of a period, the document of a kind, the paper it becomes."""

from collections.abc import Callable
from dataclasses import dataclass

from clients.disclosure.rules import InfoClass
from reports.facts.shapes import Facts
from reports.making.models import Report
from reports.making.rules import ReportKind
from tenants.walls.scope import BrandRef


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PDF, not yet marked or signed."""

    content: bytes
    pages: int


def sections_of(kind: ReportKind) -> tuple[str, ...]:
    """The codes of the sections that a kind has, in their order."""
    raise NotImplementedError


def compute(brand: BrandRef, report: Report, ceiling: InfoClass) -> Facts:
    raise NotImplementedError


def draw(facts: Facts, report: Report, code: str, stopped: Callable[[], bool]) -> Drawn:
    raise NotImplementedError
