"""Papers as PDF, drawn by reportlab: `sheet` for those that flow (a charge, a report of a visit, a log book),
`long_table` for tables of any length, `look` for what they share.
"""
