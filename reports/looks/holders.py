"""Where a look could hold words about a member: what somebody wrote of the mark."""

from clients.audit.erasing.holders import holds, holds_nothing
from reports.looks.models import BrandLook

holds("reports", BrandLook, "alternative")
holds_nothing("colours, and the brand's own mark", BrandLook, "colour", "second", "logo", "media_type")
