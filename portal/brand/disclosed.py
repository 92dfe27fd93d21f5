"""One disclosure in words: to whom, what, by whose leave. The ledger says it of its lines, the log of those that tell of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from clients.disclosure.models import Disclosure, ShareLink
from clients.disclosure.queries import disclosures_by_id, links_by_id, policies
from clients.keys.queries import names_of_keys
from portal.brand.titles import Titles, titles_of
from portal.wording import word
from portal.wording.disclosures import POLICIES, RECIPIENTS, object_word
from tenants.models import BrandPerson


@dataclass(frozen=True, slots=True)
class Named:
    """`names`: everybody who has, or had, a place here, the systems that were ever allowed to read, and keys, by their ids."""

    names: Mapping[str, str]
    titles: Titles

    def recipient(self, one: Disclosure) -> str:
        words = getattr(one, "words", None)
        found = self.names.get(str(one.recipient_id), "") if one.recipient_id else ""
        return (words.recipient if words else "") or found or word(RECIPIENTS, one.recipient_kind)

    def what(self, one: Disclosure) -> str:
        """The title of a single thing; of several, their kind and how many."""
        kind = object_word(one.object_kind)
        return self._single(one)[0] or kind if one.count == 1 else f"{kind} ({one.count})"

    def url(self, one: Disclosure) -> str:
        return self._single(one)[1] if one.count == 1 else ""

    def by(self, one: Disclosure) -> str:
        person = self.names.get(str(one.leave_person), "?") if one.leave_person else ""
        return person or self.names.get(one.leave_policy) or word(POLICIES, one.leave_policy)

    def _single(self, one: Disclosure) -> tuple[str, str]:
        ids = one.object_ids
        return self.titles.get((one.object_kind, UUID(ids[0])), ("", "")) if len(ids) == 1 else ("", "")


def named_for(found: Collection[Disclosure]) -> Named:
    """Two queries for the names, one more where keys are among them, and one for each kind of thing."""
    people = BrandPerson.objects.values_list("person_id", "name")
    keys = names_of_keys(one.recipient_id for one in found if one.recipient_kind == "key" and one.recipient_id)
    names = {str(pk): name for pk, name in (*people, *policies().values_list("pk", "name"), *keys.items())}
    single = ((one.object_kind, UUID(one.object_ids[0])) for one in found if one.count == len(one.object_ids) == 1)
    return Named(names, titles_of(single))


def disclosures_in_words(kinds: Sequence[tuple[str, UUID | None]]) -> dict[tuple[str, UUID], tuple[str, str]]:
    """For lines of the log whose subject is a disclosure or its link: to whom and what, and the line of the ledger."""
    rows = {
        (DISCLOSURE, one.pk): one for one in disclosures_by_id(pk for kind, pk in kinds if kind == DISCLOSURE and pk)
    }
    links = links_by_id(pk for kind, pk in kinds if kind == LINK and pk)
    rows |= {(LINK, link.pk): link.disclosure for link in links}
    if not rows:
        return {}
    named = named_for(rows.values())
    return {key: (f"{named.recipient(one)} · {named.what(one)}", _line_of(one)) for key, one in rows.items()}


def _line_of(one: Disclosure) -> str:
    return f"{reverse('disclosures')}?line={one.pk}"


DISCLOSURE, LINK = Disclosure._meta.label_lower, ShareLink._meta.label_lower
