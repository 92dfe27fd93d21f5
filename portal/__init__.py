"""The human door: pages, forms and templates, in French and English. Nothing is decided here."""
