"""Through whose eyes facts are seen: the class and the side count before anything else does.

INVARIANT: what is above a reader's class is in no number, name, share or list of theirs; how many rows were left out is told.
Of a source that is closed to them as a whole that count would be the number itself: it is told neither.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from clients.disclosure.models import readable_by
from clients.disclosure.rules import ORDER, InfoClass, classes_open_to, strictness
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


@dataclass(frozen=True, slots=True)
class Sight:
    """A person's eyes, and a ceiling below which they look.

    Without an actor (a report that is made by its schedule) everything up to the ceiling is seen: who gets it is for whoever
    gives it away, who makes it at the class of its strictest recipient.
    """

    ceiling: InfoClass
    actor: Actor | None = None

    def require(self, verb: Verb) -> None:
        """Raises Refused('not_allowed') for an actor who may not."""
        if self.actor is not None:
            require(self.actor, verb)

    @property
    def below(self) -> list[str]:
        """The classes up to the ceiling."""
        return [str(one) for one in ORDER if strictness(one) <= strictness(self.ceiling)]

    def readable(self, at: str) -> Q:
        """Rows that may be read, as a condition; `at` leads to the row with the class ('' for itself)."""
        below = Q(**{f"{at}info_class__in": self.below})
        return below if self.actor is None else below & readable_by(self.actor, at)

    def reads(self, info_class: InfoClass) -> bool:
        """Whether something is seen that has this class for everybody, and names nobody."""
        mine = self.actor is None or info_class in classes_open_to(self.actor.side, self.actor.role)
        return mine and str(info_class) in self.below


def either(*conditions: Q) -> Q:
    """One of them holds."""
    return reduce(or_, conditions)
