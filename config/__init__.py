"""How Relais is put together and started: settings, the environment, embedded services. No domain code."""
