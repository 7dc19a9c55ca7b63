"""What registrars type. Forms check what is typed; whether it may happen is said by the actions."""

from members.forms.accounts import (
    AddressForm,
    EndRoleForm,
    FirstAccountForm,
    FirstPersonForm,
    InviteForm,
    NameForm,
    PeriodForm,
    RefuseForm,
    RoleForm,
)
from members.forms.membership import (
    AssignForm,
    AuthorityForm,
    BarrierOfficeForm,
    DayForm,
    DepartureForm,
    LastDayForm,
    NewPersonForm,
    PersonChangeForm,
    PersonForm,
    SeatForm,
)

__all__ = [
    "AddressForm",
    "AssignForm",
    "AuthorityForm",
    "BarrierOfficeForm",
    "DayForm",
    "DepartureForm",
    "EndRoleForm",
    "FirstAccountForm",
    "FirstPersonForm",
    "InviteForm",
    "LastDayForm",
    "NameForm",
    "NewPersonForm",
    "PeriodForm",
    "PersonChangeForm",
    "PersonForm",
    "RefuseForm",
    "RoleForm",
    "SeatForm",
]
