"""The Jahresbericht: facts frozen once, and its document."""
