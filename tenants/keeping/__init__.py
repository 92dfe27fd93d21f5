"""Keeping one brand: a copy of its space in one file, and bringing it back without touching any other brand.

`container` is the file, `taking` writes it, `bringing` reads it into a space, `settling` sees to it that nothing of an earlier
day acts by itself. Everything here is the owner's, on its connection: web processes and workers can do none of it.
"""
