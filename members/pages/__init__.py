"""What the pages of the membership show of rows and facts: words, tones, links."""
