"""Charges issued by the firm's own account with a payment provider: PIX and boleto, and entries that are paid by
themselves.

A provider is one deletable folder with an adapter of the shape in `base.py`, and a line in `registry.py`. What it says
in a webhook is only a reason to ask: the truth is fetched. Nothing speaks to it inside a transaction.
"""
