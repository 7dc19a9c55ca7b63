"""What is read about figures, as somebody may see them."""
