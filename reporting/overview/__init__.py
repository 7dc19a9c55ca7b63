"""Where everybody begins: what comes next, what is due, what this person must do."""
