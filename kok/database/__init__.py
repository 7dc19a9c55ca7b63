"""Who may do what in the database: its roles, their rights, and whether both are as they should be (decision 22)."""
