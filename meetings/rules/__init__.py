"""What the agreement says about convening, meeting, deciding and writing it down. Pure: no Django, no clock."""
