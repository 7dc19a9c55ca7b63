"""Pictures and sheets of figures."""
