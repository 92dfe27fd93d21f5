"""The services that `make run` and the tests bring along on a machine that has none: PostgreSQL, a broker, a mailbox."""
