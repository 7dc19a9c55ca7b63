"""What a delivery must look like, what somebody may see of figures, how a series is told. Pure."""
