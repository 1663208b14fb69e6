from django.utils import timezone

from . import faults
from .models import Phone
from .phones import create_phone

FIRST_PLAYERS = (
    ("Ana Benítez", "595981000001", "", "es"),
    ("João Carvalho", "5511960000002", "", "pt"),
    ("Emma Clarke", "447700900003", "", "en"),
    ("Luz M.", "", "luz.m", "es"),
)


def seed_players() -> None:
    if Phone.objects.exists():
        return
    faults.limits(on=True)
    now = timezone.now()
    for name, wa_id, username, language in FIRST_PLAYERS:
        create_phone(profile_name=name, wa_id=wa_id, username=username, language=language, now=now)
