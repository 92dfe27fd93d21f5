"""A briefing is versions and who has read which. Both are only added to: what was agreed to stays as it was."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clients.disclosure.models import Classified
from tenants.walls.stamps import BrandModel


class BriefingVersion(BrandModel):
    """One version. The highest number is in force, from the moment the brand published it.

    There is no `state`: a newer number is what ends a version. In this first cut the brand writes and agrees in one
    act, so `agreed_by_brand_at` is set on the row itself; a second side's agreement will be a row of its own, never an
    update.
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
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.CheckConstraint(condition=models.Q(number__gte=1), name="briefing_number_from_one"),)

    def __str__(self) -> str:
        return f"briefing {self.number}"


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
