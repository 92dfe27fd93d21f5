"""The kinds of reports: facts in, a finished document in one language out. Pure composition; the words are the house's
own.

`words` names what is counted, `values` writes numbers, `charting` and `listing` show a section's series and rows,
`composing` puts a document together, `summary` says the same in a letter.
"""
