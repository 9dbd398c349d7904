"""What the entries and payments come to: cash flow, receivables by age, income statement, a client's account.

Everything is summed by PostgreSQL in exact decimals. Dates of entries and payments are days of the organization's own
calendar already; only `today` depends on its time zone, and is handed in.
"""
