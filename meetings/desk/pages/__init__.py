"""What the pages that look at meetings and minutes together show: words, tones, links."""
