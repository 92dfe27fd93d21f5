"""How a brand looks on paper and on pages that are read by a link: its mark and its two colours, each version kept."""
