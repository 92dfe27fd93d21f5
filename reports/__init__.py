"""Reports that a client can trust: figures from rows, documents from figures, PDFs from documents, and who got them.

`facts` computes each figure as a named, documented definition; `rendering` turns a finished document into a PDF and knows no
brand; `kinds` composes a document of one kind in one language from facts; `making` keeps reports, their states, schedules and the
work of drawing them; `sharing` lets others look and writes down that they did.
"""
