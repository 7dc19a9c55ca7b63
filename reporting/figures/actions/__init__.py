"""What can be done with deliveries of figures."""
