"""What registrars type. Forms check what is typed; whether it may happen is said by the actions."""

from members.forms.accounts import (
    AccountInviteForm,
    AddressForm,
    EndRoleForm,
    FirstAccountForm,
    FirstPersonForm,
    NameForm,
    PeriodForm,
    RefuseForm,
    RoleForm,
)
from members.forms.corrections import FillInForm, RemovalForm, SeatEntryForm
from members.forms.membership import (
    AsOfForm,
    AssignForm,
    AuthorityForm,
    BarrierOfficeForm,
    DepartureForm,
    LastDayForm,
    NewPersonForm,
    PersonChangeForm,
    PersonDetailsForm,
    SeatForm,
)

__all__ = [
    "AccountInviteForm",
    "AddressForm",
    "AsOfForm",
    "AssignForm",
    "AuthorityForm",
    "BarrierOfficeForm",
    "DepartureForm",
    "EndRoleForm",
    "FillInForm",
    "FirstAccountForm",
    "FirstPersonForm",
    "LastDayForm",
    "NameForm",
    "NewPersonForm",
    "PeriodForm",
    "PersonChangeForm",
    "PersonDetailsForm",
    "RefuseForm",
    "RemovalForm",
    "RoleForm",
    "SeatEntryForm",
    "SeatForm",
]
