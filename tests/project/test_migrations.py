from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from raffles.audit import guards as audit_guards
from raffles.draws import guards as draw_guards
from raffles.numbers.guards import FROZEN_TRIGGERS, TRIGGERS

ROOMS = ("audit", "sales", "draws", "raffles", "evidence", "desk", "hooks", "whatsapp", "config")
SIMULATED = ("simulator", "second_kind")

# Every rule that the database keeps by a name of ours; a rule that goes or comes must change this list.
CONSTRAINTS = [
    "audit_entry_named",
    "business_number_pause_has_reason",
    "contact_has_an_address",
    "contact_phone_is_one",
    "contact_wa_id_unique",
    "desk_card_leased",
    "desk_destination_address",
    "desk_digest_line_once",
    "desk_digest_one_on_its_way",
    "desk_digest_status",
    "desk_notification_about_a_draw",
    "desk_notification_about_a_player",
    "desk_notification_about_an_order",
    "desk_notification_kind_known",
    "desk_notification_once",
    "desk_verdict_closed",
    "desk_verdict_kind_known",
    "desk_verdict_one_planned",
    "draws_award_decided",
    "draws_award_one_winner",
    "draws_award_place_once",
    "draws_award_shown",
    "draws_draw_closed",
    "draws_draw_committed",
    "draws_draw_drawn",
    "draws_draw_method_known",
    "draws_draw_status_known",
    "draws_exclusion_reason",
    "draws_outcome_once",
    "draws_page_number_once",
    "draws_page_once",
    "draws_prize_amount",
    "draws_prize_label",
    "draws_prize_quantity",
    "draws_prize_rank",
    "draws_prize_rank_once",
    "draws_rule_once",
    "draws_rule_reason",
    "evidence_failed_says_why",
    "evidence_mark_place",
    "evidence_status_known",
    "hooks_delivery_once",
    "hooks_delivery_status",
    "hooks_secret_one_current",
    "hooks_subscription_disabled_why",
    "hooks_subscription_has_address",
    "outbound_sending_is_leased",
    "outbound_sent_has_instant",
    "raffles_block_counts",
    "raffles_block_once",
    "raffles_raffle_code",
    "raffles_raffle_currency",
    "raffles_raffle_draw_after_sales",
    "raffles_raffle_hold",
    "raffles_raffle_per_order",
    "raffles_raffle_per_player",
    "raffles_raffle_price_positive",
    "raffles_raffle_range",
    "raffles_raffle_sales_window",
    "raffles_raffle_status_known",
    "raffles_raffle_two_people",
    "raffles_raffle_width",
    "raffles_ticket_once_in_order",
    "raffles_ticket_one_live_claim",
    "raffles_ticket_price_positive",
    "raffles_ticket_status_known",
    "sales_approval_once",
    "sales_approval_once_a_proof",
    "sales_approval_positive",
    "sales_credit_not_negative",
    "sales_credit_once",
    "sales_entry_order_once",
    "sales_entry_payment_once",
    "sales_entry_refund_once",
    "sales_entry_source_and_sign",
    "sales_order_clock_runs_while_held",
    "sales_order_closed_when_over",
    "sales_order_code",
    "sales_order_currency",
    "sales_order_hold_positive",
    "sales_order_late_only_under_review",
    "sales_order_status_known",
    "sales_order_total_positive",
    "sales_payment_currency",
    "sales_payment_positive",
    "sales_payment_reference_once",
    "sales_player_merged_pair",
    "sales_player_not_own_twin",
    "sales_proof_decided",
    "sales_proof_not_empty",
    "sales_refund_currency",
    "sales_refund_decided",
    "sales_refund_positive",
    "sales_refund_reason",
    "template_once_per_language",
]


@pytest.fixture
def _migrated_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_migrated_again")
def test_migrations_go_back_to_nothing_and_forward_again() -> None:
    before = (tables(), triggers())
    for label in (*SIMULATED, *reversed(ROOMS)):
        call_command("migrate", label, "zero", verbosity=0)
    assert (tables(), triggers()) == (set(), set())
    call_command("migrate", verbosity=0)
    assert (tables(), triggers()) == before
    guards = {*TRIGGERS, *FROZEN_TRIGGERS, *draw_guards.names(), *audit_guards.TRIGGERS[connection.vendor]}
    assert before == ({model._meta.db_table for model in models(*ROOMS, *SIMULATED)}, guards)


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_rule_that_the_database_keeps_is_listed_here() -> None:
    assert (
        sorted(str(rule.name) for model in models(*ROOMS) for rule in model._meta.constraints) == CONSTRAINTS
    )


@pytest.mark.django_db
def test_the_database_really_keeps_them() -> None:
    with connection.cursor() as cursor:
        found = {
            name
            for model in models(*ROOMS)
            for name in connection.introspection.get_constraints(cursor, model._meta.db_table)
        }
    assert set(CONSTRAINTS) - found == set()


def models(*labels: str) -> list[type[Model]]:
    return [model for label in labels for model in apps.get_app_config(label).get_models(True)]


def tables() -> set[str]:
    prefixes = tuple(f"{label}_" for label in (*ROOMS, *SIMULATED))
    return {name for name in connection.introspection.table_names() if name.startswith(prefixes)}


def triggers() -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {str(name) for (name,) in cursor.fetchall()}
