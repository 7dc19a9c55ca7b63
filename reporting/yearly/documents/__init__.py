"""The Jahresbericht as a document."""
