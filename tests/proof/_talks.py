"""What the stage of the route matrix has of conversations: one held by the agency with a note, and a view of the inbox."""

from clients.conversations.actions import keep_view, note_beside, open_from_mention
from clients.disclosure.rules import InfoClass
from tests.triage.conftest import said
from tests.world import World


def of_conversations(world: World, word: str) -> dict[str, str]:
    """One of each, as ids."""
    talk = open_from_mention(world.cm, mention_id=said(world.brand, f"Conversation {word}").pk)
    note_beside(world.cm, conversation_id=talk.pk, text=f"Note {word}", info_class=InfoClass.SHARED)
    view = keep_view(world.cm, name=f"Vue {word}", filters={"box": "mine"})
    return {"conversation_id": str(talk.pk), "talk_view_id": str(view.pk)}
