"""The words on one reader's copy of a report. What is signed, and what a file is that comes back, is `reports.sharing.copies`."""

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.making.rules import ReportState
from reports.sharing.copies import Copy, CopyWords, copy_of
from reports.sharing.rules import Mark
from tenants.walls.scope import BrandRef


def copy_for(
    brand: BrandRef, paper: bytes, recipient: str, language: str, state: ReportState = ReportState.RELEASED
) -> Copy:
    """Raises as `copies.copy_of`."""

    def words(mark: Mark) -> CopyWords:
        with translation.override(language), timezone.override(brand.time_zone):
            return _WORDS[mark](_facts(brand, recipient))

    return copy_of(brand, paper, state, words)


def _facts(brand: BrandRef, recipient: str) -> dict[str, str]:
    return {"recipient": recipient, "day": date_format(timezone.localdate(), "j F Y"), "brand": brand.name}


def _of_what_is_out(facts: dict[str, str]) -> CopyWords:
    line = _("Copy for %(recipient)s, taken on %(day)s. %(brand)s") % facts
    return CopyWords(
        facts["recipient"], line, seal=_("Signature of %(brand)s") % facts, reason=_("Issued by %(brand)s") % facts
    )


def _of_a_draft(facts: dict[str, str]) -> CopyWords:
    line = _("Draft for %(recipient)s, taken on %(day)s. Not released, not signed. %(brand)s") % facts
    return CopyWords(_("Draft – %(recipient)s") % facts, line)


def _of_what_was_withdrawn(facts: dict[str, str]) -> CopyWords:
    line = _("Withdrawn report, copy for %(recipient)s, taken on %(day)s. Not signed. %(brand)s") % facts
    return CopyWords(_("Withdrawn – %(recipient)s") % facts, line)


_WORDS = {Mark.OUT: _of_what_is_out, Mark.DRAFT: _of_a_draft, Mark.WITHDRAWN: _of_what_was_withdrawn}
