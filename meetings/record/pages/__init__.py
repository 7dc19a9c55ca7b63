"""What the pages of attendance, minutes and tasks show: words, tones, links."""
