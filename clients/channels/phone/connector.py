"""Phone: the calls that a person makes in the brand's name."""

from clients.autonomy.vocabulary import ActionKind
from clients.channels.by_person import PerformedByPerson, performed


class PhoneConnector(PerformedByPerson):
    kind = "phone"
    declares = performed(ActionKind.PHONE_CALL, ActionKind.ACKNOWLEDGE, ActionKind.ANSWER)


CONNECTOR = PhoneConnector()
