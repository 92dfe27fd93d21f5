"""What bringing contacts in does inside its open transaction: carrying out a plan, and putting back what stood before it."""
