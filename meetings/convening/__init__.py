"""The bodies are convened: dates, agenda, invitations and the answers to them."""
