"""What this room adds to the pages of orders and players."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.sales.admin.additions import Related, add_player_links, add_remarks, add_search
from raffles.sales.admin.showing import list_url, page_url
from raffles.sales.models import Order, Player
from raffles.sales.sight import add_belonging
from whatsapp.models import Contact, InboundEvent, OutboundMessage


def found_contacts(words: str) -> Q:
    """By phone, user id or username, with or without the signs people write before them."""
    word = words.strip().lstrip("+@").replace(" ", "")
    if not word:
        return Q(pk__in=[])
    return Q(wa_id__contains=word) | Q(bsuid__iexact=word) | Q(username__icontains=word)


def search(words: str) -> Q:
    return Q(player__in=Contact.objects.filter(found_contacts(words)).values("player_id"))


def links(player: Player) -> Iterator[Related]:
    contact = Contact.objects.filter(player=player).first()
    if contact is not None:
        yield Related(_("Chat"), page_url(contact), Contact)
        whose = {"contact__id__exact": contact.pk}
        yield Related(_("Received messages"), list_url(InboundEvent, **whose), InboundEvent)
        yield Related(_("Sent messages"), list_url(OutboundMessage, **whose), OutboundMessage)


def remarks(player: Player) -> Iterator[str]:
    """Asked while two are one, before it is kept."""
    contact = Contact.objects.filter(player=player).first()
    if contact is not None:
        yield _now("On WhatsApp the player is written to at %(address)s.") % {"address": contact.address}


def belonging(_user: Any, orders: QuerySet[Order]) -> Q:
    return Q(contact__player__in=orders.values("player_id"))


add_belonging(Contact, lambda _user, orders: Q(player__in=orders.values("player_id")))
add_belonging(InboundEvent, belonging)
add_belonging(OutboundMessage, belonging)
add_search(search)
add_player_links(links)
add_remarks(remarks)
