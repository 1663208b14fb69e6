"""Payments and refunds that were there before the accounts were: each gets its player and its entries."""

from __future__ import annotations

from django.db import migrations


def reference_key(reference):
    return "".join(sign for sign in reference.casefold() if sign.isalnum())


def book(apps, schema_editor):
    Payment, Refund = apps.get_model("sales", "Payment"), apps.get_model("sales", "Refund")
    seen = set()
    for payment in Payment.objects.select_related("order", "confirmed_by").order_by("pk").iterator():
        key = (payment.currency, reference_key(payment.reference))
        # The second of two that name one transfer keeps its words and is not compared any more.
        payment.reference_key = "" if key in seen else key[1]
        payment.player_id = payment.order.player_id
        payment.save(update_fields=["player", "reference_key"])
        seen.add(key)
        _enter_payment(apps, payment)
    for refund in Refund.objects.select_related("order", "made_by").order_by("pk").iterator():
        refund.player_id = refund.order.player_id
        refund.requested_by, refund.requested_at, refund.status = refund.made_by, refund.made_at, "MADE"
        refund.save(update_fields=["player", "requested_by", "requested_at", "status"])
        _enter_refund(apps, refund)


def _enter_payment(apps, payment):
    Credit = apps.get_model("sales", "PlayerCredit")
    Credit.objects.get_or_create(player_id=payment.player_id, currency=payment.currency)
    _enter(apps, payment, "PAYMENT", payment.amount_minor, payment=payment)
    if payment.order.status in ("PAID", "REFUNDED"):
        _enter(apps, payment, "ORDER", -payment.order.total_minor, order=payment.order)


def _enter_refund(apps, refund):
    _enter(apps, refund, "ORDER_RETURNED", refund.order.total_minor, order=refund.order)
    _enter(apps, refund, "REFUND", -refund.amount_minor, refund=refund)


def _enter(apps, row, kind, amount_minor, **source):
    user = getattr(row, "confirmed_by", None) or row.made_by
    apps.get_model("sales", "CreditEntry").objects.create(
        player_id=row.player_id,
        currency=row.currency,
        amount_minor=amount_minor,
        kind=kind,
        at=getattr(row, "confirmed_at", None) or row.made_at,
        actor=f"staff:{user.username}",
        user=user,
        **source,
    )


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_money_has_a_home")]

    operations = [migrations.RunPython(book, migrations.RunPython.noop)]
