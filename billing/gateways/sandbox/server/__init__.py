"""A payment provider on this machine: customers, checkouts, subscriptions, invoices, webhooks, and a clock to move.

It knows nothing of our tables and speaks only HTTP with us, as a real one would.
"""
