"""What is read about duties."""
