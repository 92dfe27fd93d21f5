"""Information classes, and the ledger of everything that left the brand's space.

Marking a model with a class: `docs/recipes/give-a-class.md`. Letting something leave: `clients.disclosure.steps.disclose`.
"""
