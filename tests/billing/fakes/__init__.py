"""Stripe and Asaas on loopback: their words and their refusals, over the sandbox's books."""
