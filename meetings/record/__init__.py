"""What came of a meeting: who was there, minutes and their versions, resolutions, tasks."""
