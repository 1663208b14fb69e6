from __future__ import annotations

from rest_framework.routers import SimpleRouter

from whatsapp.api.views import ContactDoor, ReceivedDoor, SentDoor, TemplateDoor

router = SimpleRouter()
router.register("contacts", ContactDoor, basename="contact")
router.register("messages/sent", SentDoor, basename="sent-message")
router.register("messages/received", ReceivedDoor, basename="received-message")
router.register("templates", TemplateDoor, basename="template")
