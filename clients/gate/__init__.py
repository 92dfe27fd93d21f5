"""The only way out: asks the charter when an item is submitted and again when it is sent; sends, waits or refuses."""
