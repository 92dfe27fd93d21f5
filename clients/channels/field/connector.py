"""Field acts: events, meetings and powers that people give, hold or hand over in real life."""

from clients.autonomy.vocabulary import ActionKind
from clients.channels.by_person import PerformedByPerson, performed


class FieldConnector(PerformedByPerson):
    kind = "field"
    declares = performed(ActionKind.EVENT, ActionKind.AMBASSADOR_POWER, ActionKind.ACKNOWLEDGE, ActionKind.ANSWER)


CONNECTOR = FieldConnector()
