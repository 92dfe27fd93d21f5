"""The brake of `clients.outbox.brake`, which lies below the mandates that press it too."""

from clients.outbox.brake import count_alone, let_leave, press

__all__ = ["count_alone", "let_leave", "press"]
