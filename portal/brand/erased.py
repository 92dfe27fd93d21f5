"""What a page says where an erasure has taken words out: when, by whom, why, and what still holds; and how far an erasure is."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.audit.erasing.values import GONE
from clients.audit.models import Checkpoint
from clients.community.models import Erasure
from clients.community.queries import erasure_of_row
from clients.community.steps import head_over
from clients.items.models import Item
from portal.times import exact
from portal.wording import word
from portal.wording.members import BASES


@dataclass(frozen=True, slots=True)
class Step:
    """One part of an erasure, for its page."""

    sentence: str
    done: bool


def erased_from_item(item: Item) -> str:
    """In a sentence, for an item whose page shows that something is missing; '' for all others, which costs no query."""
    assert item.version is not None
    if GONE not in item.title and GONE not in str(item.version.content):
        return ""
    erasure = erasure_of_row(item.version.pk, item.pk)
    if erasure is None:
        return ""
    facts = {"when": exact(erasure.at), "who": erasure.by_name, "why": word(BASES, erasure.basis), "gone": GONE}
    return (
        _(
            "On %(when)s %(who)s had a member erased (%(why)s): where %(gone)s stands, words named that person. The digest is "
            "still that of what was approved; this content can be read, and is never sent any more."
        )
        % facts
    )


def steps_of(erasure: Erasure) -> list[Step]:
    """How far it is, read off what is there: nothing is counted beside, so it is true after a stop as well."""
    over = erasure.finished_at is not None
    return [
        Step(_("Words taken out of every table, personal parts out of the log"), erasure.is_begun),
        *_files(erasure.files),
        Step(_("The log is sealed over it"), over or _sealed(erasure)),
        Step(_("Everything searched again, certificate written"), over),
    ]


def _files(names: list[str]) -> list[Step]:
    """No step where there was no file."""
    left, files = sum(default_storage.exists(name) for name in names), len(names)
    said = ngettext("%(gone)d of %(n)d file deleted", "%(gone)d of %(n)d files deleted", files)
    return [Step(said % {"gone": files - left, "n": files}, left == 0)] if names else []


def _sealed(erasure: Erasure) -> bool:
    return erasure.is_begun and Checkpoint.objects.exists() and head_over(UUID(erasure.certificate["line"]))[0]
