"""What is read for a Jahresbericht, and its versions."""
