"""Paper: a finished document goes in, a PDF comes out that archives keep and screen readers read. Knows no brand and no
table.

`blocks` say what is on the pages; `markup` makes HTML of them; `drawing` makes PDF/A-3a + PDF/UA-1 of that, in a
process of its own (`printer`, `forking`), where nothing can be fetched; `stamping` and `signing` finish a reader's
copy; `seals` finds the seal of a stranger's file by its bytes, and `verifying` checks it.
"""
