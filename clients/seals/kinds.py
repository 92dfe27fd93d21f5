"""One kind of sealed rows: what its seal is made over, how it is verified, and which rows carry one.

Whoever can write SQL inside a brand's schema can add and change rows. They cannot make a seal, so what nobody of the brand said
counts for nothing. Former keys verify (SECRET_KEY_FALLBACKS); so does a seal that was renewed (`clients.seals.actions`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from clients.autonomy.decision import canonical
from clients.seals.queries import renewed_seals
from tenants.walls.stamps import BrandModel

_R = TypeVar("_R", bound=BrandModel)

_known: list["Sealed[Any]"] = []


@dataclass(frozen=True, eq=False)
class Sealed(Generic[_R]):
    """`says` gives every value that the seal binds, the row's id among them; `salt` keeps one kind's seals from another's.

    `carries` says which rows need a seal in order to count: those are renewed when the key changes.
    """

    model: type[_R]
    salt: str
    says: Callable[[_R], list[Any]]
    carries: Q

    def __post_init__(self) -> None:
        _known.append(self)

    @property
    def kind(self) -> str:
        """As in 'approvals.verdict'."""
        return self.model._meta.label_lower

    def seal_of(self, row: _R) -> str:
        """The seal that belongs on a row, under the newest key."""
        return Signer(salt=self.salt).signature(self._text(row))

    def fits(self, row: _R, seal: str) -> bool:
        """Whether this is a seal of ours over that row, under any key that we still know."""
        try:
            Signer(salt=self.salt).unsign(f"{self._text(row)}:{seal}")
        except BadSignature:
            return False
        return True

    def genuine(self, rows: Iterable[_R]) -> list[_R]:
        """Of these rows, those that somebody said. One more query where a row's own seal fits no key any more."""
        asked = list(rows)
        by_own = {row.pk for row in asked if self.fits(row, row.seal)}  # type: ignore[attr-defined]
        renewed = renewed_seals(self.kind, [row.pk for row in asked if row.pk not in by_own])
        return [r for r in asked if r.pk in by_own or any(self.fits(r, seal) for seal in renewed[r.pk])]

    def is_genuine(self, row: _R) -> bool:
        """The same for one row."""
        return bool(self.genuine([row]))

    def _text(self, row: _R) -> str:
        return canonical(self.says(row)).decode()


def sealed_kinds() -> tuple[Sealed[Any], ...]:
    """Every kind that a feature names in its `seal` module: what a new key has to go over."""
    autodiscover_modules("seal")
    return tuple(_known)
