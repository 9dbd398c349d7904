"""Who bought what, and the one function that says what follows from it."""
