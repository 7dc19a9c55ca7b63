"""What people type in and choose: entries of duties, filters, figures."""
