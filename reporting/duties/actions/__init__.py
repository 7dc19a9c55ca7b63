"""What can be done with duties."""
