"""The organization's own pages and API about its plan, its invoices and its way of paying."""
