"""The only way anything about the membership changes."""

from members.actions.agreement import Loading, load_agreement

__all__ = ["Loading", "load_agreement"]
