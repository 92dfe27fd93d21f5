"""Where acts leave: one port, one registry, one folder per connector. Only `clients.gate` sends through it."""
