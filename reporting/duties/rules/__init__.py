"""When the duties of the agreement fall due, how they stand, and who is reminded when. Pure: no Django, no clock."""
