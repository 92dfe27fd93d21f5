"""Seals: MACs on the rows that permit something, with a key that the database does not hold; and their renewal under a new key.

A feature names its sealed rows once (`kinds.Sealed`), and asks that for the seal and for what is genuine. See decision 6.
"""
