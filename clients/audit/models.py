"""What happened, who did it, for which side, on which path; what the database itself saw of it; and the seal over both.

`Entry` is written by actions, `RowChange` by triggers on every table of the brand, and both draw their numbers from one sequence.
`Leaf` and `Checkpoint` are the sealer's: the tree of RFC 9162 over the lines, and its signed heads. Rows are added and never
touched again; only `Private`, which is not sealed but committed to, may be deleted. See docs/decisions/0009-sealed-log.md.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from tenants.walls.stamps import BrandModel, Stamped

ACT, ROW = "act", "row"
"""The kinds of lines, as the queue and the leaves have them (tenants/sql/brand.sql)."""

NEXT_NUMBER = models.Func(models.Value("audit_seq"), function="nextval", output_field=models.BigIntegerField())
THIS_TRANSACTION = models.Func(function="txid_current", output_field=models.BigIntegerField())
SEEN = ("read", "link.opened", "media.fetched", "media.fetched_again")
"""Acts whose facts say what somebody got to see."""

THE_CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class Entry(BrandModel):
    """One line of the log.

    No foreign keys: a line outlives what it speaks of, so that deleting an item never erases its trail (hole P6).
    `facts` holds codes, ids and digests, never a text that the brand might later have to erase; who it was by name, and
    whatever else is personal, stands in `Private`, and `commitment` binds it to the line.
    `seq` is the order of writing, not of commits: two lines about one object stand in the order in which it was locked.
    `tx` is the transaction; row changes with the same number were made by this act.
    """

    append_only = True
    unwatched = "each row is a line of the log itself"
    given_by_database: ClassVar[tuple[str, ...]] = ("seq", "tx")

    seq = models.BigIntegerField(unique=True, db_default=NEXT_NUMBER)
    # The page of row changes asks whether a transaction has a line.
    tx = models.BigIntegerField(db_default=THIS_TRANSACTION, db_index=True)
    at = models.DateTimeField(default=timezone.now)
    person_id = models.UUIDField(null=True)
    side = models.CharField(max_length=10, blank=True)
    role = models.CharField(max_length=30, blank=True)
    via = models.CharField(max_length=12)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    commitment = models.BinaryField(default=b"")

    class Meta:
        ordering = ("at", "id")
        indexes = (
            # The trail of one item, person or channel, in order.
            models.Index(fields=("subject_kind", "subject_id", "at"), name="audit_of_subject"),
            # What one person did.
            models.Index(fields=("person_id", "at"), name="audit_of_person"),
            # The log page, newest first.
            models.Index(fields=("-at",), name="audit_newest"),
            # Who has seen one thing. Of the lines that tell of a reading alone: all others cost nothing here.
            GinIndex(
                fields=("facts",),
                opclasses=("jsonb_path_ops",),
                condition=models.Q(verb__in=SEEN),
                name="audit_seen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb} {self.subject_kind}"


class Private(Stamped):
    """What is personal of one line, and the salt of its commitment. Deleting the row erases both; the log stays valid.

    Nothing is changed in place, and a trigger lets rows go only in a transaction that writes the line of an erasure.
    """

    unwatched = "added with its line, which commits to it; deletions are noted"
    watched_events: ClassVar[tuple[str, ...]] = ("UPDATE", "DELETE", "TRUNCATE")
    never_updated = True

    # The entry's own id; the column is called `id` as in every table that triggers look at.
    entry_id = models.UUIDField(primary_key=True, db_column="id")
    salt = models.BinaryField()
    data = models.JSONField()

    def __str__(self) -> str:
        return str(self.entry_id)


class RowChange(Stamped):
    """One statement that changed rows of one table, noted by a trigger: which rows, never their values.

    Whoever it was: action, bulk write, raw SQL, migration, the owner in a console. A change whose `tx` has no `Entry` is
    *unattributed*. `rows` are the first hundred ids, `count` is how many there were (0 for a TRUNCATE, which tells no number).
    """

    append_only = True
    written_by_database = True
    unwatched = "each row is a line of the log itself"

    seq = models.BigIntegerField(primary_key=True, db_default=NEXT_NUMBER)
    tx = models.BigIntegerField(db_default=THIS_TRANSACTION)
    at = models.DateTimeField(db_default=THE_CLOCK)
    table = models.CharField(max_length=63, db_column="table_name")
    op = models.CharField(max_length=8)
    rows = ArrayField(models.UUIDField())
    count = models.IntegerField()

    class Meta(Stamped.Meta):
        indexes = (models.Index(fields=("table", "-seq"), name="audit_rows_of_table"),)

    def __str__(self) -> str:
        return f"{self.op} {self.count} {self.table}"


class Leaf(Stamped):
    """The place of one line in the tree, and the hash of the bytes it was sealed as."""

    append_only = True
    written_by_database = True
    unwatched = "the sealer's own, checked against the lines"

    idx = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=3)
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.idx} {self.kind} {self.seq}"


class Checkpoint(Stamped):
    """A signed head of the tree: so many lines, this root. `frontier` is what appending needs of the tree (log2 of its size)."""

    append_only = True
    written_by_database = True
    unwatched = "the sealer's own, each signed"

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    frontier = models.BinaryField()
    at = models.DateTimeField(db_default=THE_CLOCK)

    def __str__(self) -> str:
        return f"{self.size} at {self.at:%Y-%m-%d %H:%M:%S}"


class LogKey(BrandModel):
    """A key the brand's heads are signed with. `secret` is encrypted by the installation and bound to this brand.

    The first has no entry. A later one is in force once `entry_id`, the line that announces it, is sealed: under the key before.
    """

    number = models.PositiveIntegerField(unique=True)
    origin = models.CharField(max_length=200)
    public = models.BinaryField()
    secret = models.BinaryField()
    entry_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("entry_id",), name="audit_key_announced_once"),)

    def __str__(self) -> str:
        return f"{self.origin} {self.number}"
