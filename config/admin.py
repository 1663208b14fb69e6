from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from config.people.audit_page import AuditEntryAdmin
from config.people.staff_pages import RoleAdmin, StaffAdmin
from raffles.sales.admin.showing import NOTHING

__all__ = ["AuditEntryAdmin", "RoleAdmin", "StaffAdmin"]

# Addresses are not used here, and the key of a second factor is nobody's to look at.
for model in (EmailAddress, Authenticator):
    admin.site.unregister(model)

# Marked, so that the narrow lists can leave such a cell out.
admin.site.empty_value_display = NOTHING
