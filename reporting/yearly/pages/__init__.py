"""What pages show of a Jahresbericht."""
