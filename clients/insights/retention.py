"""How long the words of closed insights are kept: two kinds of data of the brand's own rules, whose rows are ours.

What was decided and when stays, and so does what the brand released for 'you said, we did': that is about nobody.
"""

from clients.community.retention import KEPT, Kept
from clients.community.rules import Stored
from clients.insights.models import Insight, InsightAnswer

KEPT[Stored.INSIGHTS] = Kept(
    Insight,
    lambda moment: Insight.objects.filter(closed_at__lt=moment).exclude(title="", text="", why=""),
    ("title", "text", "why"),
    {"title": "", "text": "", "why": ""},
)
KEPT[Stored.INSIGHT_ANSWERS] = Kept(
    InsightAnswer,
    lambda moment: InsightAnswer.objects.filter(asking__insight__closed_at__lt=moment).exclude(text="", name=""),
    ("text", "name"),
    {"text": "", "name": ""},
)
