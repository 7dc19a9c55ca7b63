"""What every command of the application shares: see `base`."""
