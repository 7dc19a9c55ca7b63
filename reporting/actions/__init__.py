"""What can be done with duties."""

from reporting.actions.submissions import record_submission, withdraw_submission

__all__ = ["record_submission", "withdraw_submission"]
