"""What the pages of the transitions show: rows and facts with words, tones and links."""
