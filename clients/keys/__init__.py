"""The keys of a brand's other systems: who may come in by the API, as whom, how far, and until when."""
