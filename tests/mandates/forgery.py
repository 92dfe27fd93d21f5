"""What somebody could write who reached SQL inside a brand's schema, as the application's own login: rows nobody signed.

Shared by the tests and by the proof part `monotony`. Each forgery ends with a charter that the rows say is in force.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clients.autonomy.grant import ANY, Grant
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import Sensitivity
from clients.mandates.digest import charter_digest
from clients.mandates.models import CharterSignature, CharterVersion, GrantRow
from clients.mandates.queries import bond_with
from tenants.errors import Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role, Side
from tenants.walls.scope import required_brand

TRUST = Grant(ANY, ANY, Sensitivity.ROUTINE, Level.TRUST)


def _sql(statement: str, **values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _forged_version(held: CharterVersion) -> CharterVersion:
    """A version that says 'in force', with a digest that fits its grant."""
    _sql("UPDATE mandates_charterversion SET state = 'superseded' WHERE id = %(id)s", id=held.pk)
    digest = charter_digest(required_brand().id, held.mandate_id, held.number + 1, [TRUST])
    version = CharterVersion.objects.create(
        mandate_id=held.mandate_id, number=held.number + 1, base=held, state="in_force", digest=digest,
        proposed_by=uuid7(), proposed_by_name="Somebody", proposed_side=Side.AGENCY,
    )  # fmt: skip
    GrantRow.objects.create(charter=version, sensitivity=TRUST.sensitivity, level=TRUST.level)
    return version


def a_version_without_signature(held: CharterVersion) -> None:
    _forged_version(held)


def a_version_with_a_made_up_signature(held: CharterVersion) -> None:
    _signature(_forged_version(held), seal="x" * 43)


def a_version_with_a_copied_seal(held: CharterVersion) -> None:
    genuine = CharterSignature.objects.get(charter=held)
    _signature(_forged_version(held), seal=genuine.seal, person_id=genuine.person_id, signed_at=genuine.signed_at)


def a_grant_added_to_the_version_in_force(held: CharterVersion) -> None:
    GrantRow.objects.create(charter=held, kind="publish", sensitivity=TRUST.sensitivity, level=TRUST.level)


def an_older_version_put_back(held: CharterVersion) -> None:
    """Every row of it genuine, and once in force: the brand has lowered it since."""
    older = CharterVersion.objects.get(mandate=held.mandate_id, number=held.number - 1)
    _sql("UPDATE mandates_charterversion SET state = 'superseded' WHERE id = %(id)s", id=held.pk)
    _sql("UPDATE mandates_charterversion SET state = 'in_force' WHERE id = %(id)s", id=older.pk)


def an_older_version_renumbered(held: CharterVersion) -> None:
    an_older_version_put_back(held)
    _sql("UPDATE mandates_charterversion SET number = 99 WHERE number = %(n)s", n=held.number - 1)


def the_newest_hidden_in_no_mandate(held: CharterVersion) -> None:
    an_older_version_put_back(held)
    _sql("UPDATE mandates_charterversion SET number = 0 WHERE id = %(id)s", id=held.pk)


def the_older_grants_pointed_to(held: CharterVersion) -> None:
    older = CharterVersion.objects.get(mandate=held.mandate_id, number=held.number - 1)
    _sql("UPDATE mandates_grantrow SET charter_id = %(new)s WHERE charter_id = %(old)s", new=held.pk, old=older.pk)


def the_signature_moved(held: CharterVersion) -> None:
    version = _forged_version(held)
    _sql(
        "UPDATE mandates_chartersignature SET charter_id = %(new)s WHERE charter_id = %(old)s",
        new=version.pk,
        old=held.pk,
    )


def the_newest_signature_deleted(held: CharterVersion) -> None:
    an_older_version_put_back(held)
    _sql("DELETE FROM mandates_chartersignature WHERE charter_id = %(id)s", id=held.pk)


def a_signature_of_the_agency(held: CharterVersion) -> None:
    _signature(_forged_version(held), seal="x" * 43, side=Side.AGENCY, role=Role.AGENCY_OWNER)


def _signature(version: CharterVersion, **given: object) -> None:
    facts = {
        "person_id": uuid7(), "person_name": "Somebody", "side": Side.BRAND, "role": Role.BRAND_OWNER,
        "kind": "signed", "signed_at": timezone.now(), "step_up_at": timezone.now(),
    }  # fmt: skip
    CharterSignature.objects.create(
        mandate_id=version.mandate_id, charter=version, number=version.number, digest=version.digest, **facts | given
    )


Forgery = Callable[[CharterVersion], None]
FORGERIES: tuple[Forgery, ...] = (
    a_version_without_signature,
    a_version_with_a_made_up_signature,
    a_version_with_a_copied_seal,
    a_grant_added_to_the_version_in_force,
    an_older_version_put_back,
    an_older_version_renumbered,
    the_newest_hidden_in_no_mandate,
    the_older_grants_pointed_to,
    the_signature_moved,
    the_newest_signature_deleted,
    a_signature_of_the_agency,
)


def outcome_of(forge: Forgery, held: CharterVersion, agency_id: UUID) -> str:
    """What came of it, inside the open scope of the brand, whose charter in force must give APPROVE and nothing more."""
    try:
        with transaction.atomic():
            forge(held)
    except DatabaseError:
        return "refused_by_database"
    try:
        levels = {g.level for g in bond_with(agency_id).charter.grants}
    except Refused as refused:
        return refused.code
    return "without_effect" if levels == {Level.APPROVE} else "succeeded"
