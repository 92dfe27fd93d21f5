"""The exact bytes of facts, the way back from them, and the rows of a table. Pure.

Sorted keys, no spaces, UTF-8, whole numbers: equal facts are equal bytes. `digest_of` leaves the moment of making out, so that
the same data made twice has one digest.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from clients.disclosure.rules import InfoClass
from reports.facts.periods import Period, PeriodKind
from reports.facts.shapes import (
    BrandFacts,
    Cell,
    Checkpoint,
    Facts,
    Figure,
    Listing,
    Point,
    Row,
    Section,
    Series,
    Unit,
)

SCHEMA = "relais-facts-1"
COLUMNS = ("section", "code", "dimensions", "unit", "value", "before", "goal", "rows", "withheld", "class")
Tables = Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Cell, ...]]]]


def data_of(facts: Facts) -> dict[str, Any]:
    """As plain values of JSON. The period carries its instants too, for readers that know no zones."""
    return {
        "schema": SCHEMA,
        "kind": facts.kind,
        "brand": _plain(facts.brand),
        "period": period_data(facts.period),
        "ceiling": str(facts.ceiling),
        "class": str(facts.info_class),
        "sections": [section_data(section) for section in facts.sections],
        "withheld": facts.withheld,
        "checkpoint": _plain(facts.checkpoint) if facts.checkpoint else None,
        "made_at": moment(facts.made_at),
    }


def canonical(facts: Facts) -> bytes:
    """The bytes that are attached, answered and stored."""
    return _bytes(data_of(facts))


def digest_of(facts: Facts) -> str:
    """SHA-256 (hex) of the same without the moment of making."""
    data = data_of(facts)
    del data["made_at"]
    return sha256(_bytes(data)).hexdigest()


def period_data(period: Period) -> dict[str, str]:
    """A period with its code and instants."""
    return {
        "kind": str(period.kind),
        "code": period.code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "zone": period.zone,
        "since": moment(period.since),
        "until": moment(period.until),
    }


def section_data(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        "figures": [figure_data(figure) for figure in section.figures],
        "series": [_series_data(series) for series in section.series],
        "listings": [_listing_data(listing) for listing in section.listings],
    }


def figure_data(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "code": figure.code,
        "unit": str(figure.unit),
        "value": figure.value,
        "before": figure.before,
        "goal": figure.goal,
        "dimensions": [list(pair) for pair in figure.dimensions],
        "rows": figure.rows,
        "withheld": figure.withheld,
        "class": str(figure.info_class),
    }


def facts_from(data: Mapping[str, Any]) -> Facts:
    """The facts that these plain values were made of. ValueError for another schema."""
    if data.get("schema") != SCHEMA:
        raise ValueError("unknown_schema")
    brand, head, period = data["brand"], data["checkpoint"], data["period"]
    return Facts(
        kind=data["kind"],
        brand=BrandFacts(**{**brand, "id": UUID(brand["id"]), "began": _moment_from(brand.get("began"))}),
        period=Period(
            PeriodKind(period["kind"]),
            date.fromisoformat(period["start"]),
            date.fromisoformat(period["end"]),
            period["zone"],
        ),
        ceiling=InfoClass(data["ceiling"]),
        sections=tuple(_section_from(one) for one in data["sections"]),
        withheld=data["withheld"],
        checkpoint=Checkpoint(head["size"], head["root"], datetime.fromisoformat(head["at"])) if head else None,
        made_at=datetime.fromisoformat(data["made_at"]),
    )


def figure_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """Every figure as a row of `COLUMNS`, in order; None is an empty cell."""
    for section, one in facts.figures():
        by = ";".join(f"{name}={value}" for name, value in one.dimensions)
        numbers = (one.value, one.before, one.goal, one.rows, one.withheld)
        yield (section.code, one.code, by, str(one.unit), *numbers, str(one.info_class))


def tables(facts: Facts) -> Tables:
    """Every table that goes along as CSV: its name, columns and rows. 'figures' first, then 'series', then each listing."""
    yield "figures", COLUMNS, figure_rows(facts)
    if any(section.series for section in facts.sections):
        yield "series", ("section", "code", "dimensions", "unit", "at", "value"), _points(facts)
    for section in facts.sections:
        for listing in section.listings:
            yield f"{section.code}.{listing.code}", listing.columns, (row.cells for row in listing.rows)


def _points(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for section in facts.sections:
        for one in section.series:
            by = ";".join(f"{name}={value}" for name, value in one.dimensions)
            yield from ((section.code, one.code, by, str(one.unit), point.at, point.value) for point in one.points)


def _series_data(series: Series) -> dict[str, Any]:
    return {
        "code": series.code,
        "unit": str(series.unit),
        "points": [[point.at, point.value] for point in series.points],
        "dimensions": [list(pair) for pair in series.dimensions],
        "goal": series.goal,
        "class": str(series.info_class),
    }


def _listing_data(listing: Listing) -> dict[str, Any]:
    return {
        "code": listing.code,
        "columns": list(listing.columns),
        "rows": [
            {
                "kind": row.kind,
                "id": str(row.id) if row.id else None,
                "cells": list(row.cells),
                "class": str(row.info_class),
            }
            for row in listing.rows
        ],
        "total": listing.total,
        "withheld": listing.withheld,
    }


def _section_from(data: Mapping[str, Any]) -> Section:
    return Section(
        data["code"],
        tuple(_figure_from(one) for one in data["figures"]),
        tuple(_series_from(one) for one in data["series"]),
        tuple(_listing_from(one) for one in data["listings"]),
    )


def _figure_from(data: Mapping[str, Any]) -> Figure:
    by = tuple((name, value) for name, value in data["dimensions"])
    numbers = {name: data[name] for name in ("value", "before", "goal", "rows", "withheld")}
    return Figure(data["code"], Unit(data["unit"]), dimensions=by, info_class=InfoClass(data["class"]), **numbers)


def _series_from(data: Mapping[str, Any]) -> Series:
    points = tuple(Point(at, value) for at, value in data["points"])
    by = tuple((name, value) for name, value in data["dimensions"])
    return Series(data["code"], Unit(data["unit"]), points, by, data["goal"], InfoClass(data["class"]))


def _listing_from(data: Mapping[str, Any]) -> Listing:
    rows = tuple(
        Row(one["kind"], UUID(one["id"]) if one["id"] else None, tuple(one["cells"]), InfoClass(one["class"]))
        for one in data["rows"]
    )
    return Listing(data["code"], tuple(data["columns"]), rows, data["total"], data["withheld"])


def _moment_from(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> dict[str, Any]:
    """A flat dataclass without what there is none of; ids as text, moments in UTC."""
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    told = {name: one for name, one in found.items() if one is not None}
    return {name: moment(one) if isinstance(one, datetime) else _text(one) for name, one in told.items()}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def moment(value: datetime) -> str:
    """In UTC, as ISO with microseconds and 'Z'."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _bytes(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
