"""What happened in a stretch of a brand's time, as numbers and lists that anybody can count again.

`periods` is time on the brand's clock; `shapes` are the values (codes and numbers, no wording); `canonical` their exact bytes.
The definitions say what each figure means, how it is computed from rows, and which rows it opens down to.
"""
