"""What registrars type. Forms check what is typed; whether it may happen is said by the actions."""

from members.forms.accounts import (
    AddressForm,
    EndRoleForm,
    FirstAccountForm,
    FirstPersonForm,
    InviteForm,
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
    "NewPersonForm",
    "PeriodForm",
    "PersonForm",
    "RefuseForm",
    "RoleForm",
    "SeatForm",
]
