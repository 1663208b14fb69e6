from whatsapp.models.contacts import Contact, ContactIdentity, Conversation
from whatsapp.models.inbound import InboundEvent, InboundMedia
from whatsapp.models.notes import StaffNote
from whatsapp.models.numbers import BusinessNumber, MessageTemplate
from whatsapp.models.outbound import OutboundMessage

__all__ = [
    "BusinessNumber",
    "Contact",
    "ContactIdentity",
    "Conversation",
    "InboundEvent",
    "InboundMedia",
    "MessageTemplate",
    "OutboundMessage",
    "StaffNote",
]
