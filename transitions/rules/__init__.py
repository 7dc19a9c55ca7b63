"""What is true about transitions, without a database and without a clock."""
