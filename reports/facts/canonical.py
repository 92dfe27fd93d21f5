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

from clients.briefings.goals import Direction
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
    Reached,
    Row,
    Section,
    Series,
    Unit,
)

SCHEMA = "relais-facts-1"
COLUMNS = (
    *("section", "code", "dimensions", "unit", "value", "before", "goal", "direction", "reached", "rows", "withheld"),
    "class",
)
Tables = Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Cell, ...]]]]


def data_of(facts: Facts) -> dict[str, Any]:
    """As plain values of JSON. The period carries its instants too, for readers that know no zones."""
    closing = (
        {"closing": _plain(facts.closing)} if facts.closing else {}
    )  # facts of before there was one keep their bytes
    return closing | {
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
    return as_bytes(data_of(facts))


def digest_of(facts: Facts) -> str:
    """SHA-256 (hex) of the same without the moment of making."""
    data = data_of(facts)
    del data["made_at"]
    return sha256(as_bytes(data)).hexdigest()


def period_data(period: Period) -> dict[str, str | bool]:
    """A period with its code and the instants between which rows count; of one that still runs, what it is compared up to."""
    data: dict[str, str | bool] = {
        "kind": str(period.kind),
        "code": period.code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "zone": period.zone,
        "since": moment(period.since),
        "until": moment(period.until),
    }
    return data | ({"running": True, "compared_until": moment(period.before.until)} if period.is_running else {})


def section_data(section: Section) -> dict[str, Any]:
    """`withheld` stands there where something is: what was frozen before there was such a thing keeps its bytes."""
    data = {
        "code": section.code,
        "figures": [figure_data(figure) for figure in section.figures],
        "series": [_series_data(series) for series in section.series],
        "listings": [_listing_data(listing) for listing in section.listings],
    }
    return data | ({"withheld": section.withheld} if section.withheld else {})


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
        **_aimed(figure),
    }


def _aimed(figure: Figure) -> dict[str, str]:
    """Of figures with a goal alone: facts that were frozen before goals had a direction keep their bytes."""
    told = {"direction": figure.direction, "reached": figure.reached}
    return {name: str(one) for name, one in told.items() if one is not None}


def facts_from(data: Mapping[str, Any]) -> Facts:
    """The facts that these plain values were made of. ValueError for another schema."""
    if data.get("schema") != SCHEMA:
        raise ValueError("unknown_schema")
    brand, period = data["brand"], data["period"]
    return Facts(
        kind=data["kind"],
        brand=BrandFacts(**{**brand, "id": UUID(brand["id"]), "began": _moment_from(brand.get("began"))}),
        period=Period(
            PeriodKind(period["kind"]),
            date.fromisoformat(period["start"]),
            date.fromisoformat(period["end"]),
            period["zone"],
            _moment_from(period["until"]) if period.get("running") else None,
        ),
        ceiling=InfoClass(data["ceiling"]),
        sections=tuple(_section_from(one) for one in data["sections"]),
        withheld=data["withheld"],
        checkpoint=_checkpoint_from(data["checkpoint"]),
        made_at=datetime.fromisoformat(data["made_at"]),
        closing=_checkpoint_from(data.get("closing")),
    )


def figure_rows(facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """Every figure as a row of `COLUMNS`, in order; None is an empty cell."""
    for section, one in facts.figures():
        by = ";".join(f"{name}={value}" for name, value in one.dimensions)
        numbers = (one.value, one.before, one.goal, one.direction, one.reached, one.rows, one.withheld)
        yield (section.code, one.code, by, str(one.unit), *numbers, str(one.info_class))


def tables(facts: Facts) -> Tables:
    """Every table that goes along as CSV: its name, columns and rows. 'figures' first, then 'series', then each listing."""
    yield "figures", COLUMNS, figure_rows(facts)
    if any(section.series for section in facts.sections):
        yield "series", ("section", "code", "dimensions", "unit", "at", "value"), _points(facts)
    for section in facts.sections:
        for listing in section.listings:
            yield table_name(section.code, listing, ""), listing.columns, (row.cells for row in listing.rows)


def table_name(section: str, listing: Listing, ending: str = ".csv") -> str:
    """What the table of a listing is called where it goes along as a file."""
    return f"{section}.{listing.code}{ending}"


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
        data.get("withheld", 0),
    )


def _figure_from(data: Mapping[str, Any]) -> Figure:
    by = tuple((name, value) for name, value in data["dimensions"])
    numbers = {name: data[name] for name in ("value", "before", "goal", "rows", "withheld")}
    aimed = {name: kind(data[name]) for name, kind in (("direction", Direction), ("reached", Reached)) if name in data}
    known = {**numbers, **aimed, "dimensions": by, "info_class": InfoClass(data["class"])}
    return Figure(data["code"], Unit(data["unit"]), **known)


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


def _checkpoint_from(head: Mapping[str, Any] | None) -> Checkpoint | None:
    return Checkpoint(head["size"], head["root"], datetime.fromisoformat(head["at"])) if head else None


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


def as_bytes(data: Mapping[str, Any]) -> bytes:
    """What `data_of` gave, or less of it, in the one form that it has."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
