"""Pure rules of membership: what an agreement file must say, and when an agreement ends."""
