"""The ceilings: the least that a web process can do for the same events, without the product."""
