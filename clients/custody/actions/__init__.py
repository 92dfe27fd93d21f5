"""What people do with custody."""
