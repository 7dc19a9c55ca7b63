"""What people type in about figures."""
