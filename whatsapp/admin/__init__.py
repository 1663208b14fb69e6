from whatsapp.admin import sales
from whatsapp.admin.contacts import ContactAdmin
from whatsapp.admin.inbound import InboundEventAdmin
from whatsapp.admin.outbound import OutboundMessageAdmin
from whatsapp.admin.templates import MessageTemplateAdmin

__all__ = ["ContactAdmin", "InboundEventAdmin", "MessageTemplateAdmin", "OutboundMessageAdmin", "sales"]
