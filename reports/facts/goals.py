"""What the brand wants its figures to be: the goals of its briefing, as far as the reader may read them."""

from reports.facts.sight import Sight


def goals_for(sight: Sight) -> dict[str, int]:
    """By a figure's key, in the figure's own unit."""
    return {}
