"""What happens each day for mentions: what people corrected since is learnt."""

from clients.autonomy.vocabulary import EntryPoint
from clients.mentions.actions import learn_from_corrections
from clients.outbox.registry import each_day
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@each_day
def learn(brand: BrandRef) -> None:
    learn_from_corrections(process_of(brand, EntryPoint.WORKER, "learning"))
