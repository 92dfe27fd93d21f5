"""How long notes beside closed conversations and forgotten drafts are kept: kinds of the brand’s own rules, rows of ours."""

from clients.community.retention import KEPT, Kept
from clients.community.rules import Stored
from clients.conversations.models import ConversationNote, Sketch

KEPT[Stored.CONVERSATION_NOTES] = Kept(
    ConversationNote,
    lambda moment: ConversationNote.objects.filter(conversation__closed_at__lt=moment).exclude(text=""),
    ("text",),
    {"text": ""},
)
KEPT[Stored.SKETCHES] = Kept(Sketch, lambda moment: Sketch.objects.filter(at__lt=moment), ("text",))
