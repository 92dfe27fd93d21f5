"""What the stage of the route matrix has of insights: one that is noted, one that a department owes an answer to."""

from datetime import timedelta

from django.utils import timezone

from clients.insights.actions import ask_department, name_department, note_insight
from clients.insights.models import InsightSource
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.triage.conftest import said
from tests.world import World


def of_insights(world: World, word: str) -> dict[str, str]:
    """One of each, as ids."""
    noted, asked = (
        note_insight(
            world.cm,
            mention_id=said(world.brand, f"Appris {n} {word}").pk,
            title=f"Enseignement {n} {word}",
            theme=f"Thème {word}",
        )
        for n in range(2)
    )
    contact = world.people[Role.DEPARTMENT_CONTACT].pk
    due = timezone.now() + timedelta(days=3)
    asking = ask_department(world.cm, insight_id=asked.pk, department="product", to_person=contact, due=due)
    department = name_department(world.owner, name=f"Boutiques {word}")
    with brand_scope(world.brand):
        found = {
            "insight_id": noted.pk, "asking_id": asking.pk, "department_id": department.pk, "theme_id": noted.theme_id,
            "insight_source_id": InsightSource.objects.get(insight=noted).pk, "contact_person_id": contact,
        }  # fmt: skip
    return {name: str(value) for name, value in found.items()}
