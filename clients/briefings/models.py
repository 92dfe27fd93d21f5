"""A briefing is versions, what is proposed, who agreed to what and who has read which. All of it is only added to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.briefings.sides import ENDS, Said
from clients.disclosure.models import Classified
from tenants.walls.stamps import BrandModel


class BriefingProposal(BrandModel):
    """Sections as one side would have them, upon the version `base`. It changes nothing until both sides agreed.

    There is no `state`: it is in force when a version names it, over when somebody said so (`Agreement`), else open.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("changes", "note")

    base = models.PositiveIntegerField()
    # Whole sections by name. INVARIANT: read outside this feature only through `access.open_changes`, as `sections` below.
    changes = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    side = models.CharField(max_length=10)
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"proposal upon {self.base}"

    @property
    def is_over(self) -> bool:
        """Whether it is in force, refused or taken back."""
        return hasattr(self, "version") or any(word.said in ENDS for word in self.words.all())


class Agreement(BrandModel):
    """One word of one person on one exact proposal: yes for their side, or the no that ends it.

    INVARIANT: a yes counts only with its seal (`clients.briefings.seal`): none that was merely written here puts words in force.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("reason",)

    proposal = models.ForeignKey(BriefingProposal, on_delete=models.PROTECT, related_name="words")
    said = models.CharField(max_length=8, choices=[(s, s) for s in Said])
    digest = models.CharField(max_length=64)
    side = models.CharField(max_length=10)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    role = models.CharField(max_length=30)
    reason = models.CharField(max_length=300, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            # A second yes of a side adds nothing, and only one word ends a proposal.
            models.UniqueConstraint(
                fields=("proposal", "side"), condition=Q(said=Said.AGREE), name="agreed_once_a_side"
            ),
            models.UniqueConstraint(fields=("proposal",), condition=Q(said__in=sorted(ENDS)), name="ended_once"),
        )

    def __str__(self) -> str:
        return f"{self.said} by {self.person_name}"


class BriefingVersion(BrandModel):
    """One version. The highest number is in force, from the moment it was written.

    There is no `state`: a newer number is what ends a version. `agreed_by_brand_at` is the brand's agreement; where the agency's
    was needed too, it is a row of the `proposal`. `seal`: a version that nobody of the brand agreed to permits nothing.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("sections", "note")

    number = models.PositiveIntegerField(unique=True)
    # clients.briefings.rules.SHAPES. INVARIANT: read outside this feature only through `access.open_sections`, which leaves out
    # what the reader may not see; a test looks for it.
    sections = models.JSONField()
    calendar = models.JSONField()  # clients.briefings.office.DEFAULT
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    written_by = models.UUIDField()
    written_by_name = models.CharField(max_length=200)
    agreed_by_brand_at = models.DateTimeField(default=timezone.now)
    proposal = models.OneToOneField(BriefingProposal, on_delete=models.PROTECT, null=True, related_name="version")
    seal = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.CheckConstraint(condition=models.Q(number__gte=1), name="briefing_number_from_one"),)

    def __str__(self) -> str:
        return f"briefing {self.number}"


class Reagreement(BrandModel):
    """The brand's yes to a version as an erasure has left it: the version's own digest names words that are gone.

    `digest` is the one of what was read when the yes was said; it counts while the version still says exactly that.
    """

    append_only = True

    version = models.ForeignKey(BriefingVersion, on_delete=models.PROTECT, related_name="reagreements")
    digest = models.CharField(max_length=64)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    seal = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "digest"), name="agreed_again_once"),)

    def __str__(self) -> str:
        return f"{self.person_name} agreed again to {self.version_id}"


class BriefingSection(Classified):
    """Who may read one written section of one version. The words stand in the version, under its digest.

    A row of a version, not of the briefing: lowering a section in a new version opens nothing that an older one kept.
    """

    version = models.ForeignKey(BriefingVersion, on_delete=models.PROTECT, related_name="parts")
    section = models.CharField(max_length=20)

    class Meta(Classified.Meta):
        constraints = (models.UniqueConstraint(fields=("version", "section"), name="briefing_section_once"),)

    def __str__(self) -> str:
        return f"{self.section} {self.info_class}"


class Acknowledgement(BrandModel):
    """A person has read one version. Only until the next version does it let them act above level 2."""

    append_only = True

    version = models.ForeignKey(BriefingVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            # Saying it twice is saying it once; also the index for the gate's question.
            models.UniqueConstraint(fields=("version", "person_id"), name="acknowledged_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_name} read {self.version_id}"
