"""Every `code` an answer may carry, with the status it comes with. A published code keeps its meaning."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status as http
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied, ValidationError
from rest_framework.fields import ChoiceField

from raffles.api import refusals as own
from raffles.draws import errors as draws
from raffles.hooks import errors as hooks
from raffles.numbers import errors as numbers
from raffles.sales import errors as sales

REFUSALS: dict[type[sales.Refusal], tuple[int, str]] = {
    sales.OrderNotFound: (404, "order_not_found"),
    sales.PlayerNotFound: (404, "player_not_found"),
    sales.RefundNotFound: (404, "refund_not_found"),
    numbers.RaffleNotFound: (404, "raffle_not_found"),
    sales.SamePlayer: (400, "same_player"),
    sales.MergedAlready: (409, "merged_already"),
    sales.BothHaveOpenOrders: (409, "both_have_open_orders"),
    numbers.TogetherTooMany: (409, "together_too_many"),
    sales.MoveNotAllowed: (409, "move_not_allowed"),
    sales.OrderMoved: (409, "order_moved"),
    sales.HoldRanOut: (409, "hold_ran_out"),
    sales.UnitsGone: (409, "units_gone"),
    sales.DrawHeld: (409, "draw_held"),
    sales.NothingMissing: (409, "nothing_missing"),
    sales.ReasonNeeded: (409, "reason_needed"),
    sales.ReferenceUsed: (409, "reference_used"),
    sales.SecondPersonNeeded: (409, "second_person_needed"),
    sales.CreditTooSmall: (409, "credit_too_small"),
    sales.RefundDecided: (409, "refund_decided"),
    sales.TooManyProofs: (409, "too_many_proofs"),
    numbers.RaffleMoveNotAllowed: (409, "raffle_move_not_allowed"),
    numbers.RaffleHasOrders: (409, "raffle_has_sales"),
    numbers.RafflePublished: (409, "raffle_published"),
    numbers.SalesClosed: (409, "sales_closed"),
    numbers.NumbersTaken: (409, "numbers_taken"),
    numbers.NotEnoughNumbers: (409, "not_enough_numbers"),
    numbers.TooManyPerPlayer: (409, "too_many_per_player"),
    numbers.OutsideRange: (400, "outside_range"),
    numbers.TooManyPerOrder: (400, "too_many_per_order"),
    numbers.TooFewPerOrder: (400, "too_few_per_order"),
    sales.AmountNotPositive: (400, "amount_not_positive"),
    sales.CurrencyUnknown: (400, "currency_unknown"),
    sales.EvidenceMissing: (400, "evidence_missing"),
    sales.ReasonMissing: (400, "reason_missing"),
    sales.ProofUnreadable: (400, "proof_unreadable"),
    sales.ProofTooLarge: (413, "proof_too_large"),
    sales.ProofKindNotAllowed: (415, "proof_kind_not_allowed"),
    own.ScopeUnknown: (400, "scope_unknown"),
    own.NetworkUnreadable: (400, "network_unreadable"),
    own.TokenOver: (409, "token_over"),
    draws.DrawNotFound: (404, "draw_not_found"),
    draws.DrawMoveNotAllowed: (409, "draw_move_not_allowed"),
    draws.PrizesMissing: (409, "prizes_missing"),
    draws.RuleUnfair: (409, "rule_unfair"),
    draws.RuleIncomplete: (409, "rule_incomplete"),
    draws.DrawTooSoon: (409, "draw_too_soon"),
    draws.RuleOnlyLater: (409, "rule_only_later"),
    draws.RuleUnchanged: (409, "rule_unchanged"),
    draws.DrawingNotNamed: (409, "drawing_not_named"),
    draws.LotteryOver: (409, "lottery_over"),
    draws.TermsDiffer: (409, "terms_differ"),
    draws.OrdersUndecided: (409, "orders_undecided"),
    draws.NotUndecided: (409, "order_not_undecided"),
    draws.SalesNotOver: (409, "sales_not_over"),
    draws.DrawNotDue: (409, "draw_not_due"),
    draws.EntriesFrozen: (409, "entries_frozen"),
    draws.EntriesChanged: (409, "entries_changed"),
    draws.RecordChanged: (409, "record_changed"),
    draws.RandomnessMissing: (409, "randomness_missing"),
    draws.SecretLost: (409, "secret_lost"),
    draws.BeaconRefused: (400, "beacon_refused"),
    draws.FallbackNotDue: (409, "fallback_not_due"),
    draws.BeaconNotAsked: (409, "beacon_not_asked"),
    draws.ResultsRefused: (400, "results_refused"),
    draws.WitnessesMissing: (400, "witnesses_missing"),
    draws.TotalsDiffer: (409, "totals_differ"),
    draws.NotAnEntry: (404, "not_an_entry"),
    draws.AwardNotFound: (404, "award_not_found"),
    draws.AwardDecided: (409, "award_decided"),
    draws.AwardUnpaid: (409, "award_unpaid"),
    draws.NothingWon: (409, "nothing_won"),
    draws.NameMissing: (400, "name_missing"),
    hooks.SubscriptionNotFound: (404, "webhook_not_found"),
    hooks.DeliveryNotFound: (404, "delivery_not_found"),
    hooks.AddressRefused: (400, "address_refused"),
    hooks.EventsUnknown: (400, "events_unknown"),
    hooks.NoEventChosen: (400, "no_event_chosen"),
    hooks.TooManySubscriptions: (409, "too_many_webhooks"),
    hooks.SubscriptionOff: (409, "webhook_off"),
    hooks.NotGivenUp: (409, "delivery_not_given_up"),
    hooks.TooManyTests: (409, "too_many_tests"),
}


class TokenUnknown(AuthenticationFailed):
    default_detail = _("There is no such token.")
    default_code = "token_unknown"


class TokenRefused(AuthenticationFailed):
    default_detail = _("This token is over, was revoked, or may not be used from this address.")
    default_code = "token_refused"


class AppTokenRefused(AuthenticationFailed):
    """One code for every cause: it is over, was used, names a closed session, or never was one."""

    default_detail = _("This token is over, was used before, or its session was closed. Sign in again.")
    default_code = "token_not_valid"


class ScopeMissing(PermissionDenied):
    default_detail = _("This token lacks the scope that this needs.")
    default_code = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.params = {"scope": scope}


class SecondFactorNeeded(PermissionDenied):
    default_detail = _("Sign in with the second factor to do this.")
    default_code = "second_factor_needed"


class UnknownField(ValidationError):
    """Refused by name: a misspelt filter that is passed over shows the wrong rows."""

    default_code = "unknown_field"

    def __init__(self, names: list[str]) -> None:
        super().__init__({name: _("There is no such field here.") for name in names}, code="unknown_field")


class UnknownOrdering(ValidationError):
    """The parameter is known here; the field that it names is not."""

    default_code = UnknownField.default_code

    def __init__(self, parameter: str, asked: str) -> None:
        sentence = ChoiceField.default_error_messages["invalid_choice"].format(input=asked)
        super().__init__({parameter: [sentence]}, code=self.default_code)


class Conflict(APIException):
    status_code = http.HTTP_409_CONFLICT
    default_detail = _("This is not possible as things stand.")
    default_code = "conflict"

    def __init__(self, code: str, detail: Any, **params: Any) -> None:
        super().__init__(detail, code)
        self.params = params


class KeyReused(APIException):
    status_code = http.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another call.")
    default_code = "idempotency_key_reused"


class StillRunning(APIException):
    status_code = http.HTTP_409_CONFLICT
    default_detail = _("The first call with this Idempotency-Key is still running. Ask again in a moment.")
    default_code = "idempotency_key_in_use"


class LengthMissing(APIException):
    status_code = http.HTTP_411_LENGTH_REQUIRED
    default_detail = _("Say with Content-Length how long the body is; one that comes in pieces is not read.")
    default_code = "length_required"


class TooLarge(APIException):
    status_code = http.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("That is more than is taken at once.")
    default_code = "body_too_large"


# Codes that are not refusals of the business, with their status and when they come. The document lists them.
GENERAL: dict[str, tuple[int, str]] = {
    "invalid": (400, "A field or filter is not valid; `errors` says which and why."),
    "parse_error": (400, "The body is not what its Content-Type says."),
    "unknown_field": (400, "A field, filter or ordering that does not exist here; `errors` names it."),
    "not_authenticated": (401, "No token was shown."),
    "token_unknown": (401, "There is no such token."),
    "token_refused": (401, "The token is over, revoked, or not for this address."),
    "token_not_valid": (401, "The access or refresh token of an app is over or was used before."),
    "sign_in_failed": (401, "Name, password or code are wrong."),
    "permission_denied": (403, "The user behind the token lacks the right."),
    "scope_missing": (403, "The token lacks the scope; `params.scope` names it."),
    "second_factor_needed": (403, "The user's group moves money only after the second factor."),
    "not_found": (404, "There is no such object, or it is not yours."),
    "method_not_allowed": (405, "The address does not take this method."),
    "not_acceptable": (406, "Only JSON is answered."),
    "conflict": (409, "Not possible as things stand."),
    "idempotency_key_in_use": (409, "The first call with this key is still running."),
    "length_required": (411, "The body came without a `Content-Length`."),
    "body_too_large": (413, "The body is larger than is taken."),
    "unsupported_media_type": (415, "The body is of a kind that is not taken here."),
    "idempotency_key_reused": (422, "The key was used for another call."),
    "locked_out": (429, "Too many wrong sign-ins with this name from this address; see `Retry-After`."),
    "throttled": (429, "Too many calls; `Retry-After` says how many seconds to wait."),
}
