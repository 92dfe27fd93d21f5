"""Reports as rows: who asked for which, how far it is, what was frozen, what the brand said, and when the next one is due."""
