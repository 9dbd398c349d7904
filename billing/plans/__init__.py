"""What can be bought: plans, what they allow, and their prices."""
