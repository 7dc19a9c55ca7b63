"""The demo: invented people and a believable past, computed backwards from today. Refused in production."""

from reporting.demo.actions.load import DemoAccount, accounts, load_demo, require_own_database

__all__ = ["DemoAccount", "accounts", "load_demo", "require_own_database"]
