"""What people type in the sealed area."""
