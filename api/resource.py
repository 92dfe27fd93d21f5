"""What a resource declares: which rows, which fields, which acts. All else is done alike for all: `api.rows`, `api.acting`.

A resource adds nothing to what may be read or done: `rows` goes through the doors of `clients` with the actor, an act calls one
action. What the key's policy does not name is not selected at all.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from api.inputs import Id, Input, Shape, Type
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor

A_YEAR = timedelta(days=365)
Rows = QuerySet[Any]
Body = dict[str, Any]
Run = Callable[[Actor, UUID | None, Body], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is told. `columns` are paths of the ORM (the field's own name without any), `draw` makes the value of them.

    `always`: told to every key that may read the resource, whatever its policy: ids and what stands for a state of a thing.
    """

    name: str
    type: Type
    columns: tuple[str, ...] = ()
    draw: Callable[..., Any] | None = None
    always: bool = False
    about: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        return self.columns or (self.name,)


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of a list: what it takes, and how it narrows the rows.

    `of` are the fields that it answers about (the one of its own name without any): a key that is not told them may not ask.
    """

    name: str
    type: Type
    narrow: Callable[[Rows, Any], Rows]
    about: str = ""
    of: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        return self.of or (self.name,)


@dataclass(frozen=True, slots=True)
class Retired:
    """What goes one day: told in every answer of it (RFC 9745, RFC 8594), a year ahead. `instead` is the address that stays."""

    since: datetime
    until: datetime
    instead: str

    def __post_init__(self) -> None:
        if self.until - self.since < A_YEAR:
            raise ValueError("retired_too_soon")

    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": format_datetime(self.until.astimezone(UTC), usegmt=True),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done, by calling exactly one action.

    `run` gets the actor, the id of the row (None where one is made) and the checked body, and returns what has an `id` (or `pk`),
    or None. `matched`: If-Match is needed. `once`: Idempotency-Key is needed. `bulk`: many rows may be sent at once.
    `whole`: it returns the row that it has just written, with all that the fields are drawn from, and whoever may read the
    resource may read it: so it is told as it was written, and not read back.
    `shown` are fields that stand in the first answer alone, each drawn from what `run` returned: a secret that is kept nowhere,
    so neither for a repeat.
    `said`, of what was made and the body: what the answer tells besides the id where the key may not read what it wrote. It is
    what the writer said itself, and nothing more.
    """

    name: str
    run: Run
    scope: str
    inputs: tuple[Input, ...] = ()
    status: int = 200
    matched: bool = False
    once: bool = False
    bulk: bool = False
    whole: bool = False
    partial: bool = False
    about: str = ""
    retired: Retired | None = None
    said: Callable[[Any, Body], Body] | None = None
    shown: tuple[Field, ...] = ()

    @property
    def shape(self) -> Shape:
        return Shape(self.inputs, self.partial)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource:
    """A kind of thing under `/api/v1/<name>`. `kind` is its name in policies and in the ledger of
    disclosures, `scope` the word of `clients.keys.scopes` where that is not the name.

    `rows` are those that the actor may read (it raises Refused for a role that may read none). `class_column` is the path to the
    class of each row; without one all have `info_class`. `etag` are the columns that tell one state of a row from another.
    `table` is locked for If-Match; `missing` the code of an absent row. `listing` narrows the list alone.
    `annotated` gives rows, whoever asks, what fields are drawn from that is no column; it leaves out what no list shows.
    `own`, where readers have rows of their own: of these ids those that are or were the actor's, whether there is a row or not;
    `owner` is whose they are, as the feed keeps it with the news that one is gone.
    `alone` is a lock of the whole brand that the acts ask for before any row's: so does whatever locks a row before them.
    `steady`: what `rows`, `listing` and `filters` build follows from the actor and the parameters alone (no clock, no question of
    their own), so that its SQL is written once (`api.statements`).
    """

    name: str
    kind: str
    missing: str
    rows: Callable[[Actor], Rows]
    fields: tuple[Field, ...]
    scope: str = ""
    order: tuple[str, ...] = ("-created_at", "-id")
    info_class: InfoClass = InfoClass.SHARED
    class_column: str = ""
    etag: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    acts: tuple[Act, ...] = ()
    create: Act | None = None
    update: Act | None = None
    replace: Act | None = None
    delete: Act | None = None
    listed: bool = True
    listing: Callable[[Rows], Rows] | None = None
    id_column: str = "id"
    id_type: Type = field(default_factory=Id)
    table: Any = None
    annotated: Callable[[Rows], Rows] | None = None
    own: Callable[[Actor, Collection[UUID]], set[UUID]] | None = None
    owner: Callable[[Actor], UUID | None] | None = None
    alone: Callable[[], None] | None = None
    about: str = ""
    retired: Retired | None = None
    steady: bool = False

    @property
    def read_scope(self) -> str:
        return f"{self.scope or self.name}:read"

    @property
    def by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}

    def act(self, name: str) -> Act:
        return next(one for one in self.acts if one.name == name)


ID = Field("id", Id(), always=True)
