"""A report, what was frozen for it, the file it became, what the brand wrote beside it, and by which rule it comes.

A report has editions: one for whoever reads what both sides share and, where that leaves something out, one for the brand alone.
Whoever of the agency is named on rows that it leaves out reads one with those rows, and so do others named on the same ones.
An edition's facts are frozen when it is made and never touched; its file is drawn from them and from nothing else.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.disclosure.models import CLASSES, Classified, ClassifiedQuerySet
from reports.facts.periods import Period, PeriodKind
from reports.looks.models import BrandLook
from reports.making.rules import Delivery, NoticeKind, NoticeState, Phase, ReportKind, ReportState, Rhythm
from reports.making.terms import USUAL_DAYS, USUAL_VIEWS
from tenants.walls.stamps import BrandModel

KINDS = [(k, k) for k in ReportKind]


class ReportRule(BrandModel):
    """How reports of one kind come by themselves, to whom, and whether silence lets them out. One for each kind."""

    kind = models.CharField(max_length=10, choices=KINDS, unique=True)
    rhythm = models.CharField(max_length=10, choices=[(r, r) for r in Rhythm], default=Rhythm.NEVER)
    at = models.TimeField()
    weekday = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=5)
    sections = models.JSONField(default=list)  # codes; [] for all
    info_class = models.CharField(max_length=10, choices=CLASSES)
    releases_itself = models.BooleanField(default=False)
    window = models.PositiveSmallIntegerField(default=8)  # hours in which the brand is at work
    delivery = models.CharField(max_length=10, choices=[(d, d) for d in Delivery], default=Delivery.LINK)
    outside_allowed = models.BooleanField(default=False)
    readers = models.JSONField(default=list)  # ids of people, as text
    addresses = models.JSONField(default=list)  # outside
    link_days = models.PositiveSmallIntegerField(default=USUAL_DAYS)  # of the link in a letter to somebody outside
    link_views = models.PositiveSmallIntegerField(default=USUAL_VIEWS)
    link_password = models.CharField(max_length=200, blank=True)  # a slow hash; told by another way than the letter
    set_by = models.UUIDField()
    next_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.rhythm}"

    @property
    def silence_releases(self) -> bool:
        """Whether what it made goes out when nobody objects. A rule that is switched off lets nothing out."""
        return self.releases_itself and self.rhythm != Rhythm.NEVER


class Report(Classified):
    """One report about one period. Its class says who knows of it; what they read of it is an edition."""

    kind = models.CharField(max_length=10, choices=KINDS)
    period_kind = models.CharField(max_length=10, choices=[(p, p) for p in PeriodKind])
    starts_on = models.DateField()
    ends_on = models.DateField()
    zone = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    sections = models.JSONField(default=list)
    title = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=1000, blank=True)  # of whoever drafted it
    note = models.CharField(max_length=1000, blank=True)  # of whoever proposed it last, to the brand alone
    proposed_name = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in ReportState], default=ReportState.MAKING)
    state_since = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=40, blank=True)  # a code
    tries = models.PositiveSmallIntegerField(default=0)  # that failed one after the other
    retry_at = models.DateTimeField(null=True)  # when the next try begins by itself
    making = models.PositiveIntegerField(default=1)  # of the editions that are being made, or were made last
    number = models.PositiveIntegerField(default=0)  # of the newest editions that are whole; 0 for none
    content_class = models.CharField(max_length=10, choices=CLASSES, blank=True)
    withheld = models.PositiveIntegerField(default=0)  # rows that the edition for both sides leaves out
    asked_by = models.UUIDField(null=True)  # None: by its rule
    asked_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    rule = models.ForeignKey(ReportRule, on_delete=models.PROTECT, related_name="+", null=True)
    release_at = models.DateTimeField(
        null=True
    )  # by the brand's rule, unless held until then; None before a notice arrived
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)  # None while released: by the rule

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(ReportState)), name="report_state_known"),
            # A run that was missed is made up for once, whoever looks how often.
            models.UniqueConstraint(fields=("rule", "starts_on", "ends_on"), name="report_once_by_rule"),
        )
        indexes = (
            # The archive, newest period first; of one kind.
            models.Index(fields=("-ends_on", "-id"), name="report_newest"),
            models.Index(fields=("kind", "-ends_on", "-id"), name="report_of_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.period.code}"

    @property
    def file_name(self) -> str:
        """As in 'weekly-2026-W47.pdf'."""
        return f"{self.kind}-{self.period.code.replace('..', '-')}.pdf"

    @property
    def period(self) -> Period:
        return Period(PeriodKind(self.period_kind), self.starts_on, self.ends_on, self.zone)


class ReportProgress(BrandModel):
    """How far the making of a report is. A row of its own, because nothing follows from it."""

    unwatched = "how far a making is, for the page that shows it; what comes of it is a line of the log"

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="progress")
    phase = models.CharField(max_length=10, choices=[(p, p) for p in Phase], default=Phase.WAITING)
    pages = models.PositiveIntegerField(default=0)  # laid out of the file that is being drawn
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.phase


class Edition(BrandModel):
    """What one ceiling lets be read of a report: frozen facts, and the digest of them. Another content is another number."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("facts",)

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    ceiling = models.CharField(max_length=10, choices=CLASSES)
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    info_class = models.CharField(max_length=10, choices=CLASSES)
    withheld = models.PositiveIntegerField(default=0)
    readers = models.JSONField(default=list)  # of ceiling `named`: ids of the people of the agency who read it, as text
    code = models.CharField(max_length=20, unique=True)  # printed in it, leads to the page that checks it
    look = models.ForeignKey(BrandLook, on_delete=models.PROTECT, related_name="+", null=True)  # None: as the house
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "number", "ceiling", "digest"), name="edition_once"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.number} {self.ceiling}"


def paper_path(paper: "Paper", filename: str) -> str:
    """Below the brand's own folder, under the id of the row: a second try of the same writes a file of its own."""
    from tenants.walls.scope import required_brand

    return f"{required_brand().id}/reports/{paper.id}"


class Paper(BrandModel):
    """The PDF of an edition, before anybody's mark or signature is on it. The same facts give the same `digest`."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="paper")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    words = models.PositiveIntegerField(default=0)  # of the brand that stand in it; they are only ever added
    file = models.FileField(upload_to=paper_path, max_length=200)
    drawn_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.pages}"


class Annotation(BrandModel):
    """What the brand wrote beside a report, for all its readers."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="annotations")
    text = models.CharField(max_length=1000)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        ordering = ("at", "id")
        indexes = (models.Index(fields=("report", "at"), name="annotation_of_report"),)

    def __str__(self) -> str:
        return f"{self.author_name} on {self.report_id}"


class ReportNotice(BrandModel):
    """A letter to one person of the brand who may release a report: it waits for them, or could not be made.

    Silence lets a report out only where such a letter said so and arrived: `window` is how many hours at work it gave, None
    where it promised nothing or promises nothing any more.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()  # of the editions that it is about
    kind = models.CharField(max_length=10, choices=[(k, k) for k in NoticeKind])
    person_id = models.UUIDField()
    window = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in NoticeState], default=NoticeState.QUEUED)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=("report", "number", "kind", "person_id"), name="report_notice_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class SealKey(BrandModel):
    """A key that this brand's reports are signed with; the newest signs, all of them vouch. Its secret is encrypted at rest.

    Not append-only: its secret is encrypted anew when the installation changes its keys.
    """

    sealed_columns: ClassVar[tuple[str, ...]] = ("secret",)

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=32)  # of its certificate: printed in what it signs
    certificate = models.TextField()  # PEM
    chain = models.TextField(blank=True)  # PEM: the certificates above it, each signed by the next
    brought = models.BooleanField(default=False)  # by the brand; else made here
    secret = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
