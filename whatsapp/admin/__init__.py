from whatsapp.admin import sales
from whatsapp.admin.contacts import ContactAdmin
from whatsapp.admin.inbound import InboundEventAdmin
from whatsapp.admin.numbers import BusinessNumberAdmin
from whatsapp.admin.outbound import OutboundMessageAdmin
from whatsapp.admin.templates import MessageTemplateAdmin

__all__ = [
    "BusinessNumberAdmin",
    "ContactAdmin",
    "InboundEventAdmin",
    "MessageTemplateAdmin",
    "OutboundMessageAdmin",
    "sales",
]
