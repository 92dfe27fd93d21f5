"""Answers to requests that may be sent twice: kept in the transaction of their effect, so both are there or neither is."""
