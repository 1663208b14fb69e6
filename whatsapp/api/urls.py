from __future__ import annotations

from rest_framework.routers import SimpleRouter

from raffles.api.filtering import Id
from raffles.api.views.award_filters import narrow_awards_by
from raffles.api.views.order_filters import narrow_orders_by
from whatsapp.api.views import ContactDoor, ReceivedDoor, SentDoor, TemplateDoor

narrow_orders_by("contact", Id(field_name="player__contact"))
narrow_awards_by("contact", Id(field_name="player__contact"))

router = SimpleRouter()
router.register("contacts", ContactDoor, basename="contact")
router.register("messages/sent", SentDoor, basename="sent-message")
router.register("messages/received", ReceivedDoor, basename="received-message")
router.register("templates", TemplateDoor, basename="template")
