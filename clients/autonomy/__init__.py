"""The decision core: may this act go out now?  Pure: no Django, no clock, no wording, no look-ups.

Read in this order, ten minutes in all: `levels`, `vocabulary`, `grant`, `question`, `decide`, `decision`.
"""
