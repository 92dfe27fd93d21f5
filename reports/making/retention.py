"""How long the facts of reports are kept: a kind of data of the brand's own rules. The file of emptied facts goes with them.

That there was a report, of when, and who got it, stays.
"""

from clients.community.retention import KEPT, Kept
from clients.community.rules import Stored
from reports.making.models import Edition

KEPT[Stored.REPORTS] = Kept(
    Edition,
    lambda moment: Edition.objects.filter(made_at__lt=moment).exclude(facts={}),
    ("facts",),
    {"facts": "{}"},
)
