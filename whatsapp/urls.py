from django.urls import path

from whatsapp.webhook import webhook

# Both spellings answer by themselves: a redirect would lose Meta's POST.
urlpatterns = [
    path("webhook/", webhook, name="webhook"),
    path("webhook", webhook, name="webhook-without-slash"),
]
