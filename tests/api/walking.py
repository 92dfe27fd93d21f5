"""Walking over every resource there is: a body that has the right shape for each act, and the address of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.inputs import Shape
from api.registry import bulk_acts, resources
from api.resource import Act, Resource

NOTHING = "00000000-0000-4000-8000-000000000000"
SOON = datetime.now(UTC) + timedelta(days=30)
MOMENT, DAY = SOON.isoformat(timespec="seconds"), SOON.date().isoformat()


@dataclass(frozen=True, slots=True)
class Writing:
    """One way to write: `path` holds `{id}` where a row is named."""

    resource: Resource
    act: Act
    method: str
    path: str
    in_bulk: bool = False

    @property
    def name(self) -> str:
        return f"{self.resource.name} {self.act.name}"

    def body(self, of: str, **more: Any) -> dict[str, Any]:
        """What has its shape; whether it makes sense is the action's to say."""
        plain = fitting(self.act.shape.schema()) | more
        if not self.in_bulk:
            return plain
        return {"rows": [plain if self.act is self.resource.create else {"id": of, **plain}]}


def writings() -> Iterator[Writing]:
    for one in resources().values():
        row = f"{one.name}/{{id}}"
        if one.create:
            yield Writing(one, one.create, "POST", one.name)
        for method, act in (("PATCH", one.update), ("PUT", one.replace), ("DELETE", one.delete)):
            if act:
                yield Writing(one, act, method, row)
        for act in one.acts:
            yield Writing(one, act, "POST", f"{row}/{act.name}")
        for act in bulk_acts(one):
            yield Writing(one, act, "POST", f"{one.name}/bulk/{act.name}", in_bulk=True)


def nothing(resource: Resource) -> str:
    """The id of a row that nobody has."""
    return "999999999" if resource.id_type.schema().get("type") == "integer" else NOTHING


def fitting(schema: dict[str, Any]) -> Any:
    """The smallest value of a schema."""
    if "anyOf" in schema:
        return fitting(schema["anyOf"][0])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        return {name: fitting(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        return [fitting(schema["items"]) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        formats = {"uuid": NOTHING, "date-time": MOMENT, "date": DAY}
        return formats.get(schema.get("format", ""), "0" * max(1, schema.get("minLength", 1)))
    return {"integer": schema.get("minimum", 0), "boolean": False, "number": 0}.get(kind)


def every_name(resource: Resource, shape: Shape) -> set[str]:
    """Names that a body might try: every field of every resource, every column of this one's table, and what decides."""
    fields = {field.name for one in resources().values() for field in one.fields}
    columns = {f.attname for f in resource.table._meta.concrete_fields} if resource.table is not None else set()
    return (fields | columns | DECIDING) - {one.name for one in shape.inputs} - {"id"}


DECIDING = {
    *(
        "pk",
        "brand",
        "brand_id",
        "person_id",
        "author_id",
        "submitter_id",
        "doer_id",
        "side",
        "role",
        "via",
        "actor",
        "key",
    ),
    *("seal", "state", "move_of", "stepped_up_at", "created_at", "approved", "scopes", "policy", "named", "owner_side"),
    *("__class__", "constructor", "is_operator", "is_staff", "digest_of", "version_id"),
}
