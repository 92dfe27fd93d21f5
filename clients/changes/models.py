"""What changed, in the order in which it was committed. Written by triggers and functions of the owner alone; read by everybody.

`Noted` is what a trigger writes in the transaction of the change. It has no place in the feed yet: who drew a number first may
commit last. `changes_settle` gives every row that it *sees* (so: that is committed) the next place, one caller at a time. So no
change appears before a place that was read already, however long its transaction was open, and no open transaction holds
others up. Of one object the places are in the order of its changes: who comes second waited for the lock of the first, so
whoever sees the second sees the first. See docs/decisions/0023-changes-and-webhooks.md.
"""

from django.db import models

from clients.audit.models import THE_CLOCK, THIS_TRANSACTION
from tenants.walls.stamps import Stamped


class Noted(Stamped):
    """One object touched by one statement, not yet in the feed."""

    written_by_database = True
    unwatched = "on its way into the feed of changes; what it tells of is noted where it happens"

    seq = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField(db_default=THIS_TRANSACTION)
    at = models.DateTimeField(db_default=THE_CLOCK)
    resource = models.CharField(max_length=30)
    object_id = models.UUIDField()
    gone = models.BooleanField()
    # Of what is no more, who was allowed to read it, and which system's own it was: afterwards nobody could say.
    info_class = models.CharField(max_length=10, db_default="")
    named = models.JSONField(null=True)
    whose = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.resource} {self.object_id}"


class Change(Stamped):
    """One object that one transaction changed. It says which, never what: whoever may read it reads it as it is now."""

    written_by_database = True
    unwatched = "the feed of changes; what it tells of is noted where it happens"

    position = models.BigIntegerField(primary_key=True)
    tx = models.BigIntegerField()
    at = models.DateTimeField()
    resource = models.CharField(max_length=30)
    object_id = models.UUIDField()
    gone = models.BooleanField()
    info_class = models.CharField(max_length=10)
    named = models.JSONField(null=True)
    whose = models.UUIDField(null=True)

    class Meta(Stamped.Meta):
        indexes = (
            # Following one resource.
            models.Index(fields=("resource", "position"), name="change_of_resource"),
            # Whether there is a later one of the same object.
            models.Index(fields=("object_id", "position"), name="change_of_object"),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.resource} {self.object_id}"


class Head(Stamped):
    """The one row that says how far the feed is. Its lock is what makes places given one after the other.

    `course` changes when the feed does not go on from where it was: after a restore, after a TRUNCATE. Up to `forgotten` it is
    no longer told what is no more.
    """

    written_by_database = True
    unwatched = "how far the feed of changes is"

    number = models.SmallIntegerField(primary_key=True, default=1)
    course = models.UUIDField()
    position = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.course} {self.position}"
