"""The matching core: which of the brand's words stand in a text, in French and English, whatever their form. Pure."""
