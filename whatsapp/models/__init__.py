from whatsapp.models.contacts import Contact, ContactIdentity, ContactPhone, Conversation
from whatsapp.models.inbound import InboundEvent, InboundMedia
from whatsapp.models.notes import StaffNote
from whatsapp.models.numbers import BusinessNumber, MessageTemplate
from whatsapp.models.outbound import OutboundMessage

__all__ = [
    "BusinessNumber",
    "Contact",
    "ContactIdentity",
    "ContactPhone",
    "Conversation",
    "InboundEvent",
    "InboundMedia",
    "MessageTemplate",
    "OutboundMessage",
    "StaffNote",
]
