from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.steps import step_urls
from raffles.numbers.actions import close_raffle, delete_raffle, open_raffle, pause_raffle
from raffles.numbers.admin import draws
from raffles.numbers.admin.filters import SalesFilter
from raffles.numbers.admin.forms import RaffleForm
from raffles.numbers.admin.organisers import SEE_EVERY
from raffles.numbers.admin.paper import page
from raffles.numbers.admin.rule import page as rule_page
from raffles.numbers.admin.trail import (
    fields_of,
    note_organisers,
    note_save,
    organisers_of,
    stored_fields,
)
from raffles.numbers.drawing import follow_code
from raffles.numbers.lifecycle import MOVES
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.admin.files import private_file, require_staff
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import badge, link, list_url, moment, money, named, page_url
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor

Status = Raffle.Status
Move = Callable[..., Raffle]

TONES = {"DRAFT": "quiet", "ACTIVE": "good", "PAUSED": "wait", "CLOSED": "off"}
LIMITS = ("hold_minutes", "min_per_order", "max_per_order", "max_per_player", "two_people_from_minor")
MOVES_BY_NAME: dict[str, tuple[Move, str, Any, str]] = {
    "open": (open_raffle, Status.ACTIVE, _("Open sales"), "success"),
    "pause": (pause_raffle, Status.PAUSED, _("Pause sales"), "warning"),
    "close": (close_raffle, Status.CLOSED, _("Close for good"), "danger"),
}


@admin.register(Raffle)
class RaffleAdmin(ModelPage[Raffle]):
    form = RaffleForm
    list_display = (
        "code",
        "title",
        "status_shown",
        "price",
        "range_shown",
        "availability",
        "window",
        "draw",
    )
    list_display_links = ("code", "title")
    list_filter = ("status", SalesFilter, "currency")
    date_hierarchy = "draw_at"
    search_fields = ("code", "title")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("open_sales", "pause_sales", "close_for_good")
    change_form_template = "admin/raffles/raffle/form.html"
    fieldsets = (
        (None, {"fields": ("status_shown", "title", "code", "description", "image")}),
        (
            _("Numbers and price"),
            {"fields": ("price_minor", "currency", "first_number", "last_number", "number_width")},
        ),
        (
            _("Sales and draw"),
            {
                "fields": ("sales_open_at", "sales_close_at", "draw_at", "time_zone", "payment_instructions"),
                "description": format_lazy(
                    _("Times are typed in the time zone {zone}."), zone=settings.TIME_ZONE
                ),
            },
        ),
        (_("Limits"), {"fields": LIMITS}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Raffle]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                reserved=Coalesce(Sum("blocks__reserved"), 0),
                sold=Coalesce(Sum("blocks__sold"), 0),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A currency with claims stays: their prices are snapshots in it. A published rule stays too."""
        claimed = obj is not None and Ticket.objects.filter(raffle=obj).exists()
        return ("status_shown", *(["currency"] if claimed else []), *draws.fixed_fields(obj))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"time_zone": settings.TIME_ZONE, **super().get_changeform_initial_data(request)}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft, which nobody outside has seen."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.status == Status.DRAFT)

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, raffle: Raffle) -> SafeString:
        if raffle._state.adding:
            return badge(_("Draft"), "quiet")
        now = timezone.now()
        if raffle.status == Status.ACTIVE and now >= raffle.sales_close_at:
            return badge(_("Active, sales over"), "off")
        if raffle.status == Status.ACTIVE and now < raffle.sales_open_at:
            return badge(_("Active, sales not begun"), "wait")
        return badge(raffle.get_status_display(), TONES[raffle.status])

    @admin.display(description=_("price"), ordering="price_minor")
    def price(self, raffle: Raffle) -> str:
        return money(raffle.price_minor, raffle.currency)

    @admin.display(description=_("numbers"))
    def range_shown(self, raffle: Raffle) -> str:
        return f"{raffle.label(raffle.first_number)}–{raffle.label(raffle.last_number)} ({raffle.size})"

    @admin.display(description=_("sold"), ordering="sold")
    def availability(self, raffle: Raffle) -> SafeString:
        reserved, sold = getattr(raffle, "reserved", 0), getattr(raffle, "sold", 0)
        free = raffle.size - reserved - sold
        words = _("%(percent)d %% sold: %(sold)d sold, %(held)d held, %(free)d free") % {
            "percent": sold * 100 // raffle.size,
            "sold": sold,
            "held": reserved,
            "free": free,
        }
        full = badge(_("Sold out"), "bad") if sold == raffle.size else ""
        meter = format_html('<meter max="{}" value="{}"></meter>', raffle.size, sold)
        tickets = link(list_url(Ticket, raffle__id__exact=raffle.pk), words)
        return format_html("{} {} {}", meter, tickets, full)

    @admin.display(description=_("sales"), ordering="sales_close_at")
    def window(self, raffle: Raffle) -> SafeString:
        return named(_("sales"), f"{moment(raffle.sales_open_at)} – {moment(raffle.sales_close_at)}")

    @admin.display(description=_("draw"), ordering="draw_at")
    def draw(self, raffle: Raffle) -> SafeString:
        return named(_("draw"), moment(raffle.draw_at))

    @admin.action(description=_("Open sales"), permissions=["change"])
    def open_sales(self, request: HttpRequest, raffles: QuerySet[Raffle]) -> None:
        self._move_many(request, raffles, "open")

    @admin.action(description=_("Pause sales"), permissions=["change"])
    def pause_sales(self, request: HttpRequest, raffles: QuerySet[Raffle]) -> None:
        self._move_many(request, raffles, "pause")

    @admin.action(description=_("Close for good"), permissions=["change"])
    def close_for_good(self, request: HttpRequest, raffles: QuerySet[Raffle]) -> None:
        self._move_many(request, raffles, "close")

    def _move_many(self, request: HttpRequest, raffles: QuerySet[Raffle], name: str) -> None:
        tried = [_moved(raffle, name, cast(User, request.user)) for raffle in raffles.order_by("pk")]
        refused = [words for words in tried if words]
        done = raffles.count() - len(refused)
        level = messages.SUCCESS if not refused else messages.WARNING if done else messages.ERROR
        label = MOVES_BY_NAME[name][2]
        messages.add_message(request, level, "; ".join([f"{label}: {done}", *refused]))

    def get_urls(self) -> list[URLPattern]:
        moves = [
            path(
                f"<int:raffle_id>/{name}/",
                self.admin_site.admin_view(partial(self.move_view, name=name)),
                name=f"raffles_raffle_{name}",
            )
            for name in MOVES_BY_NAME
        ]
        paper = path(
            "<int:raffle_id>/paper/",
            self.admin_site.admin_view(partial(page.answer, self)),
            name="raffles_raffle_paper",
        )
        image = path("<int:raffle_id>/image/", self.image_view, name="raffles_raffle_image")
        own = [*moves, paper, image, *self._draw_urls(), *step_urls(self, draws.STEPS)]
        return [*own, *super().get_urls()]

    def _draw_urls(self) -> list[URLPattern]:
        pages = {"plan": draws.plan, "rule": rule_page.answer}
        return [
            path(
                f"<int:raffle_id>/{name}/",
                self.admin_site.admin_view(partial(view, self)),
                name=f"raffles_raffle_{name}",
            )
            for name, view in pages.items()
        ]

    def move_view(self, request: HttpRequest, raffle_id: int, *, name: str) -> HttpResponse:
        raffle = self.get_queryset(request).filter(pk=raffle_id).first()
        if raffle is None:
            raise Http404
        if request.method != "POST" or not self.has_change_permission(request, raffle):
            raise PermissionDenied
        refused = _moved(raffle, name, cast(User, request.user))
        label = MOVES_BY_NAME[name][2]
        if refused:
            messages.error(request, refused)
        else:
            messages.success(request, f"{raffle.code}: {label}")
        return HttpResponseRedirect(page_url(raffle))

    def image_view(self, request: HttpRequest, raffle_id: int) -> FileResponse:
        require_staff(self.admin_site, request, may_view=self.has_view_permission(request))
        raffle = self.get_queryset(request).filter(pk=raffle_id).first()
        if raffle is None:
            raise Http404
        return private_file(raffle.image, f"raffle-{raffle.pk}")

    def save_model(self, request: HttpRequest, obj: Raffle, form: Any, change: bool) -> None:
        """Only what was changed: whoever closes the raffle meanwhile must not be undone."""
        before = stored_fields(obj, form.changed_data) if change else {}
        obj.save(update_fields=list(fields_of(obj, form.changed_data)) if change else None)
        follow_code(obj)
        note_save(obj, before, form.changed_data, user=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who may see only their own raffles would lose the one they have just made."""
        raffle = form.instance
        before = organisers_of(raffle)
        super().save_related(request, form, formsets, change)
        if not change and not request.user.has_perm(SEE_EVERY):
            raffle.organisers.add(cast(User, request.user))
        note_organisers(raffle, before, user=request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only who sees every raffle says whose it is."""
        own = super().get_fieldsets(request, obj)
        return [*own, (_("People"), {"fields": ("organisers",)})] if request.user.has_perm(SEE_EVERY) else own

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "organisers":
            options["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("username")
            options["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **options)

    def delete_model(self, request: HttpRequest, obj: Raffle) -> None:
        """It may have been opened since the page was read."""
        try:
            delete_raffle(raffle_id=obj.pk, actor=Actor.staff(cast(User, request.user)), now=timezone.now())
        except Refusal as refusal:
            raise PermissionDenied(in_words(refusal)) from None

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kw: Any) -> Any:
        raffle = context.get("original")
        context["may_import"] = raffle is not None and page.may_import(request)
        if raffle is not None:
            context |= draws.context_of(raffle, request.user, timezone.now())
        if raffle is not None and self.has_change_permission(request, raffle):
            context["moves"] = [
                {"name": name, "label": label, "tone": tone}
                for name, (_move, to, label, tone) in MOVES_BY_NAME.items()
                if to in MOVES[raffle.status]
            ]
        return super().render_change_form(request, context, *args, **kw)


def _moved(raffle: Raffle, name: str, user: User) -> str:
    """Empty when it went well, else why it did not."""
    try:
        MOVES_BY_NAME[name][0](raffle_id=raffle.pk, actor=Actor.staff(user), now=timezone.now())
    except Refusal as refusal:
        return f"{raffle.code}: {in_words(refusal)}"
    return ""
