"""What happened to an item, in one line of time, and why the gate answered as it did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.approvals.models import StandingApproval, Verdict
from clients.approvals.queries import as_template, verdicts_on
from clients.approvals.rules import ANSWER, mismatches
from clients.approvals.words import StandingState, VerdictKind
from clients.autonomy.vocabulary import Outcome, Reason
from clients.gate.models import DecisionRecord
from clients.gate.queries import decisions_on
from clients.items.models import Item, ItemVersion
from clients.items.queries import versions_of
from portal.brand.changes import what_changed
from portal.brand.rows import channel_names, shown_content
from portal.diffing import Part
from portal.times import when
from portal.wording import OUTCOMES, Badge, badge, reason_sentence, word
from portal.wording.charters import joined
from portal.wording.fields import MISMATCHES

VERDICTS = {
    VerdictKind.YES: "go",
    VerdictKind.NO: "no",
    VerdictKind.CHANGE: "wait",
    VerdictKind.VETO: "no",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the line of time."""

    at: datetime
    tone: str
    title: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Why:
    """The gate's last answer for one channel, in sentences."""

    channel: str
    outcome: Badge
    level: int | None  # None where no level was asked: a brake or an objection came first
    reasons: tuple[str, ...]
    when: str
    about: str  # which version it speaks of, where that is no longer the item's
    standing: tuple[str, str] | None


def history_of(item: Item, names: dict[str, str]) -> list[Moment]:
    """Versions, words of the brand and answers of the gate, oldest first."""
    found = [
        *(_of_version(v) for v in versions_of(item.pk)),
        *(_of_verdict(v) for v in verdicts_on(item.pk)),
        *_of_decisions(decisions_on(item.pk), names),
    ]
    return sorted(found, key=lambda moment: moment.at)


def why_of(item: Item, names: dict[str, str]) -> list[Why]:
    """The last answer for each channel, with the standing approval that it matched."""
    last = {str(d.channel_id): d for d in decisions_on(item.pk)}
    matched = {s for d in last.values() if (s := d.question.get("standing", "")) and not s.startswith(ANSWER)}
    titles = StandingApproval.objects.filter(pk__in=matched).values_list("pk", "title") if matched else ()
    links = {str(pk): (reverse("standing", args=[pk]), title) for pk, title in titles}
    now = item.version.number if item.version else 0
    return [_why(d, names, links.get(d.question.get("standing", "")), now) for d in last.values()]


def standing_answers(item: Item, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """For every signed standing approval of this kind and every channel: (title, channel, what does not fit or '')."""
    if item.version is None:
        return []
    content, today = shown_content(item.version), timezone.localdate()
    rows = StandingApproval.objects.filter(state=StandingState.SIGNED, kind=item.kind).order_by("signed_at")
    return [
        (row.title, names.get(channel, "?"), joined(word(MISMATCHES, code) for code in found))
        for row in rows
        for channel in content.channels
        for found in [mismatches(as_template(row), content, channel, today)]
    ]


def diff_since_approval(item: Item) -> list[Part]:
    """What changed since the content that the brand last approved; empty when it is that one, or none ever was."""
    yes = verdicts_on(item.pk).filter(kind=VerdictKind.YES).last()
    return _diff_from(yes.digest, item) if yes else []


def diff_since_seen(item: Item, seen_digest: str) -> list[Part]:
    """What changed since the content that somebody answered; empty without an answer, or when it is still that one."""
    return _diff_from(seen_digest, item) if seen_digest else []


def _diff_from(digest: str, item: Item) -> list[Part]:
    if item.version is None or digest == item.version.digest:
        return []
    before = versions_of(item.pk).filter(digest=digest).last()
    return what_changed(shown_content(before), shown_content(item.version), channel_names()) if before else []


def _why(decision: DecisionRecord, names: dict[str, str], standing: tuple[str, str] | None, now: int) -> Why:
    reasons = tuple(reason_sentence(code) for code in decision.reasons)
    channel = names.get(str(decision.channel_id), "?")
    answer = badge(OUTCOMES, decision.outcome)
    asked = decision.outcome != Outcome.HOLD and (decision.level or Reason.LEVEL_CLOSED in decision.reasons)
    older = decision.version_number != now
    about = _("about version %(number)s") % {"number": decision.version_number} if older else ""
    return Why(channel, answer, decision.level if asked else None, reasons, when(decision.at), about, standing)


def _of_version(version: ItemVersion) -> Moment:
    first = version.number == 1
    title = _("%(name)s wrote it") if first else _("%(name)s wrote version %(number)s")
    facts = {"name": version.author_name, "number": version.number}
    return Moment(version.created_at, "", title % facts, version.note, when(version.created_at))


def _of_verdict(verdict: Verdict) -> Moment:
    titles = {
        VerdictKind.YES: _("%(name)s approved"),
        VerdictKind.NO: _("%(name)s refused"),
        VerdictKind.CHANGE: _("%(name)s asked for a change"),
        VerdictKind.VETO: _("%(name)s vetoed"),
    }
    kind = VerdictKind(verdict.kind)
    title = titles[kind] % {"name": verdict.person_name}
    return Moment(verdict.at, VERDICTS[kind], title, verdict.comment, when(verdict.at))


def _of_decisions(decisions: Iterable[DecisionRecord], names: dict[str, str]) -> Iterator[Moment]:
    for decision in decisions:
        answer = badge(OUTCOMES, decision.outcome)
        title = _("The gate: %(answer)s") % {"answer": answer.word}
        text = f"{names.get(str(decision.channel_id), '?')} · {reason_sentence(decision.reasons[-1])}"
        yield Moment(decision.at, answer.tone, title, text, when(decision.at))
