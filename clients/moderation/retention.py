"""How long evidence is kept: a kind of data of the brand's own rules, whose rows are ours."""

from clients.community.retention import KEPT, Kept
from clients.community.rules import Stored
from clients.moderation.models import Evidence

KEPT[Stored.EVIDENCE] = Kept(Evidence, lambda moment: Evidence.objects.filter(taken_at__lt=moment))
