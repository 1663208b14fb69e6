"""Who is writing: the business-scoped id first, then the ids this contact had before, then the phone,
then the phones of chats that staff made one.

A phone that comes with another business-scoped id and without word from Meta has changed hands: it is a new
person, who must not see the tickets of the last one.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max

from raffles.sales.actions import change_phone, merge_players, register_player
from raffles.sales.lifecycle import hold_still
from raffles.sales.notices import Fact, PlayersMerged
from whatsapp import merged_phones
from whatsapp.models import (
    Contact,
    ContactIdentity,
    ContactPhone,
    Conversation,
    InboundEvent,
    OutboundMessage,
    StaffNote,
)
from whatsapp.payloads import IdentityChange, Sender

PORTUGUESE = ("BR", "55"), ("PT", "351"), ("AO", "244"), ("MZ", "258")
ENGLISH = ("US", "1"), ("CA", "1"), ("GB", "44"), ("IE", "353"), ("AU", "61"), ("NZ", "64"), ("ZA", "27")


def contact_of(sender: Sender, *, now: datetime) -> Contact:
    """The contact this sender is, made when new; two parallel first messages make one contact."""
    found = _known(sender)
    if found is None:
        try:
            with transaction.atomic():
                found = _make(sender, now)
        except IntegrityError:
            found = _known(sender)
            if found is None:
                raise
    merged_phones.turn_to(found, sender)
    _refresh(found, sender, now)
    return found


def ensure_contact(*, wa_id: str, name: str, now: datetime) -> tuple[Contact, bool]:
    """The contact of a phone that somebody else named, and whether it is new. Who is known keeps the name."""
    sender = Sender(bsuid=None, wa_id=wa_id, username="", profile_name=name)
    found = _known(sender)
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            return _make(sender, now), True
    except IntegrityError:
        found = _known(sender)
        if found is None:
            raise
        return found, False


def _known(sender: Sender) -> Contact | None:
    contacts = Contact.objects.select_related("player")
    if sender.bsuid:
        by_id = contacts.filter(bsuid=sender.bsuid).first()
        by_lineage = by_id or contacts.filter(identities__bsuid=sender.bsuid).first()
        if by_lineage:
            return by_lineage
    if not sender.wa_id:
        return None
    by_phone = contacts.filter(wa_id=sender.wa_id).first()
    if by_phone and sender.bsuid and by_phone.bsuid:
        return None
    return by_phone or merged_phones.known_by_word(sender.wa_id, sender.bsuid)


def _make(sender: Sender, now: datetime) -> Contact:
    for loser in Contact.objects.filter(wa_id=sender.wa_id).exclude(wa_id="").exclude(bsuid=None):
        _lose_phone(loser)
    merged_phones.forget(sender.wa_id)
    player = register_player(
        name=sender.profile_name,
        language=language_of_origin(sender),
        phone=international(sender.wa_id),
        now=now,
    )
    contact = Contact.objects.create(
        player=player,
        bsuid=sender.bsuid,
        wa_id=sender.wa_id,
        username=sender.username,
        profile_name=sender.profile_name,
        created_at=now,
    )
    Conversation.objects.create(contact=contact)
    if sender.bsuid:
        ContactIdentity.objects.create(contact=contact, bsuid=sender.bsuid, since=now, source="message")
    return contact


def language_of_origin(sender: Sender) -> str:
    """A first guess from the country; the player's own words decide soon after."""
    country = sender.bsuid[:2] if sender.bsuid else ""
    for language, places in (("pt-br", PORTUGUESE), ("en", ENGLISH)):
        if any(country == code or (not country and sender.wa_id.startswith(dial)) for code, dial in places):
            return language
    return settings.LANGUAGE_CODE


def news_of(contact: Contact, sender: Sender) -> dict[str, str]:
    """What has changed in their attributes; one that is missing is not news."""
    fresh = {
        "wa_id": sender.wa_id,
        "username": sender.username,
        "profile_name": sender.profile_name,
        "bsuid": sender.bsuid if contact.bsuid is None else contact.bsuid,
    }
    return {name: value for name, value in fresh.items() if value and getattr(contact, name) != value}


def _refresh(contact: Contact, sender: Sender, now: datetime) -> None:
    """Attributes follow the latest message."""
    changed = news_of(contact, sender)
    if not changed:
        return
    with transaction.atomic():
        if "wa_id" in changed:
            _free_phone(sender.wa_id, owner=contact, now=now)
            old, new = international(contact.wa_id), international(sender.wa_id)
            change_phone(player_id=contact.player_id, old=old, new=new)
        for name, value in changed.items():
            setattr(contact, name, value)
        contact.save(update_fields=list(changed))
        if "bsuid" in changed:
            ContactIdentity.objects.get_or_create(
                bsuid=contact.bsuid, defaults={"contact": contact, "since": now, "source": "message"}
            )


def _free_phone(wa_id: str, *, owner: Contact, now: datetime) -> None:
    """A phone has one contact. Who is known by nothing else is the same person; others have lost it."""
    merged_phones.forget(wa_id, owner=owner)
    for other in Contact.objects.filter(wa_id=wa_id).exclude(pk=owner.pk):
        if other.bsuid is None:
            _merge(keep=owner, gone=other, now=now)
        else:
            _lose_phone(other)


def _lose_phone(contact: Contact) -> None:
    merged_phones.forget(contact.wa_id)
    Contact.objects.filter(pk=contact.pk).update(wa_id="")
    change_phone(player_id=contact.player_id, old=international(contact.wa_id), new="")


def international(wa_id: str) -> str:
    return f"+{wa_id}" if wa_id else ""


def follow_identity(change: IdentityChange, *, at: datetime, now: datetime) -> Contact | None:
    """Keep one person one contact across a change of id or phone; told twice or late, it ends the same.

    A message from the new id may have come first: then two contacts exist and the newer one is merged away.
    """
    old, new = _before(change, at), _by_bsuid(change.current)
    if old is None:
        return new
    with transaction.atomic():
        if new is None or new.pk != old.pk:
            _take_id(old, new, change, now)
        elif old.bsuid == change.current:
            _take_phone(old, change.wa_id, now)
    return old


def _before(change: IdentityChange, at: datetime) -> Contact | None:
    """Who it was: by the former id, or by the former phone while nobody has written from it since."""
    known = _by_bsuid(change.previous)
    if known is not None:
        return known
    holders = Contact.objects.filter(wa_id=change.old_wa_id).exclude(wa_id="")
    if change.previous:
        holders = holders.filter(bsuid=None)  # who is known by another id is somebody else
    return holders.exclude(last_inbound_at__gt=at).first()


def _by_bsuid(bsuid: str | None) -> Contact | None:
    return Contact.objects.filter(identities__bsuid=bsuid).first() if bsuid else None


def _take_id(contact: Contact, twin: Contact | None, change: IdentityChange, now: datetime) -> None:
    if twin is not None:
        _merge(keep=contact, gone=twin, now=now)
    if change.current:
        ContactIdentity.objects.update_or_create(
            bsuid=change.current, defaults={"contact": contact, "since": now, "source": "change"}
        )
        contact.bsuid = change.current
        contact.save(update_fields=["bsuid"])
    _take_phone(contact, change.wa_id, now)


def _take_phone(contact: Contact, wa_id: str, now: datetime) -> None:
    if wa_id and wa_id != contact.wa_id:
        _free_phone(wa_id, owner=contact, now=now)
        merged_phones.forget(contact.wa_id)
        old, new = international(contact.wa_id), international(wa_id)
        change_phone(player_id=contact.player_id, old=old, new=new)
        contact.wa_id = wa_id
        contact.save(update_fields=["wa_id"])


def hear(fact: Fact) -> None:
    """Staff found that two players are one: their chats are one too, at the address they wrote from last."""
    if not isinstance(fact, PlayersMerged):
        return
    _hold_still(fact.keep_id, fact.gone_id)
    keep = Contact.objects.filter(player=fact.keep_id).first()
    gone = Contact.objects.filter(player=fact.gone_id).first()
    if keep is not None and gone is not None:
        _join_by_word_of_staff(keep, gone)
    elif gone is not None:
        Contact.objects.filter(pk=gone.pk).update(player=fact.keep_id)


def _join_by_word_of_staff(keep: Contact, gone: Contact) -> None:
    """The other address stays known as theirs. Unlike Meta, staff do not say which of the two is new."""
    for one in (keep, gone):
        merged_phones.keep_id(one)
        merged_phones.remember(one, of=keep)
    is_gone_later = _last_seen(gone) > _last_seen(keep)
    if is_gone_later and gone.wa_id:
        old, new = international(keep.wa_id), international(gone.wa_id)
        change_phone(player_id=keep.player_id, old=old, new=new)
    _join(keep, gone)
    if is_gone_later:
        keep.bsuid, keep.wa_id = gone.bsuid, gone.wa_id
        keep.username, keep.profile_name = gone.username, gone.profile_name
        keep.save(update_fields=["bsuid", "wa_id", "username", "profile_name"])


def _last_seen(contact: Contact) -> datetime:
    return contact.last_inbound_at or contact.created_at


def _merge(*, keep: Contact, gone: Contact, now: datetime) -> None:
    """Orders and messages move to the older contact; the chat goes on where the player wrote last."""
    _hold_still(keep.player_id, gone.player_id)
    if gone.wa_id:
        old, new = international(keep.wa_id), international(gone.wa_id)
        change_phone(player_id=keep.player_id, old=old, new=new)
        change_phone(player_id=gone.player_id, old=new, new="")
    _join(keep, gone)
    if gone.wa_id:
        keep.wa_id = gone.wa_id
        keep.save(update_fields=["wa_id"])
    merge_players(keep_id=keep.player_id, gone_id=gone.player_id, now=now)


def _hold_still(*player_ids: int) -> None:
    """The chats, then what their players have: a turn locks them in this order too."""
    chats = Conversation.objects.filter(contact__player__in=player_ids).select_for_update(of=("self",))
    list(chats.order_by("pk").values_list("pk"))
    hold_still(player_ids)


def _join(keep: Contact, gone: Contact) -> None:
    for model in (InboundEvent, OutboundMessage, ContactIdentity, ContactPhone, StaffNote):
        model._default_manager.filter(contact=gone).update(contact=keep)
    _keep_newest_conversation(keep, gone)
    keep.last_inbound_at = max(filter(None, (keep.last_inbound_at, gone.last_inbound_at)), default=None)
    keep.blocked_at = keep.blocked_at or gone.blocked_at
    keep.muted_at = keep.muted_at or gone.muted_at
    gone.delete()
    keep.save(update_fields=["last_inbound_at", "blocked_at", "muted_at"])


def _keep_newest_conversation(keep: Contact, gone: Contact) -> None:
    both = Conversation.objects.filter(contact__in=(keep, gone))
    person_until = both.aggregate(until=Max("person_until"))["until"]
    newest = both.order_by(F("changed_at").desc(nulls_last=True), "-pk").first()
    if newest is not None:
        both.exclude(pk=newest.pk).delete()
        Conversation.objects.filter(pk=newest.pk).update(contact=keep, person_until=person_until)


def recipient_of(contact: Contact, *, by_phone: bool = False) -> dict[str, str]:
    """Where to send: the business-scoped id works without a phone; a phone goes with its plus."""
    if contact.bsuid and not (by_phone and contact.wa_id):
        return {"recipient": contact.bsuid}
    return {"to": f"+{contact.wa_id}"}
