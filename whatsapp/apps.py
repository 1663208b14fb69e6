from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    name = "whatsapp"
    label = "whatsapp"
    verbose_name = "WhatsApp"
