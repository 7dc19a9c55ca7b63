"""The demo: invented people and a believable past."""
