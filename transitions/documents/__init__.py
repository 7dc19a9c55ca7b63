"""What leaves the sealed area: encrypted files and neutral mails."""
