from whatsapp.models.contacts import Contact, ContactIdentity, Conversation
from whatsapp.models.inbound import InboundEvent, InboundMedia
from whatsapp.models.outbound import OutboundMessage

__all__ = [
    "Contact",
    "ContactIdentity",
    "Conversation",
    "InboundEvent",
    "InboundMedia",
    "OutboundMessage",
]
