"""What a Jahresbericht says. Pure."""
