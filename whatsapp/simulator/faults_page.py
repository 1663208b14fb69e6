"""The doors behind the faults panel: what goes wrong, what Meta says, and what players take back."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from . import account_news, fault_plan, faults, journal, phones, template_desk
from .codes import CODES
from .doors import act, json_of, wish
from .models import Phone, Template
from .shapes import Json, units

LONGEST_TEXT = 4096
TEMPLATES_SHOWN = 50
OPTIONS = ("limits_on", "slow_seconds")


@require_http_methods(["GET", "POST"])
@wish
def plan(request: HttpRequest) -> Json:
    if request.method == "POST":
        _arrange(json_of(request))
    found = fault_plan.current()
    templates = Template.objects.order_by("name", "language")[:TEMPLATES_SHOWN]
    return {
        "seed": found.seed,
        "rates": dict(found.rates),
        "limits_on": found.limits_on,
        "account": found.account_state,
        "waiting": sorted(found.next_times),
        "struck": journal.faults(),
        "names": {name: list(details) for name, details in faults.DETAILS.items()},
        "codes": sorted(CODES),
        "news": list(account_news.NEWS),
        "states": list(template_desk.STATES),
        "templates": [_template_row(each) for each in templates],
    }


def _template_row(found: Template) -> Json:
    return {"id": found.pk, "name": found.name, "language": found.language, "status": found.status}


def _arrange(wanted: Json) -> None:
    rates = wanted.get("rates", {})
    if not isinstance(rates, dict):
        raise ValueError("rates must be an object of fault names and shares")
    options: dict[str, Any] = {key: wanted[key] for key in OPTIONS if key in wanted}
    for key in ("delay_seconds", "codes"):
        if key in wanted:
            options[key] = tuple(wanted[key])
    if set(options) & set(rates):
        raise ValueError("options do not belong among the rates")
    faults.arrange(wanted.get("seed", 0), **options, **rates)


@require_POST
@wish
def next_time(request: HttpRequest) -> Json:
    wanted = json_of(request)
    detail = wanted.get("detail", {})
    if not isinstance(detail, dict):
        raise ValueError("detail must be an object")
    faults.next_time(str(wanted.get("name")), times=wanted.get("times", 1), **detail)
    return {"waiting": sorted(fault_plan.current().next_times)}


@require_POST
@wish
def clear(_request: HttpRequest) -> Json:
    faults.clear()
    return {"waiting": []}


@require_POST
@wish
def account(request: HttpRequest) -> Json:
    wanted = json_of(request)
    if "state" in wanted:
        faults.account_is(str(wanted["state"]))
    if "news" in wanted:
        account_news.tell(str(wanted["news"]), timezone.now())
    return {"account": fault_plan.current().account_state}


@require_POST
@wish
def template(request: HttpRequest, template_id: int) -> Json:
    wanted = json_of(request)
    found = Template.objects.get(pk=template_id)
    if "status" in wanted:
        template_desk.decide(found, str(wanted["status"]), timezone.now())
    if "category" in wanted:
        account_news.category_changed(found, str(wanted["category"]), timezone.now())
    return _template_row(found)


@act
def edit(request: HttpRequest, phone: Phone) -> Json:
    wanted = json_of(request)
    text = str(wanted.get("text", ""))
    if not text.strip() or units(text) > LONGEST_TEXT:
        raise ValueError(f"a message has 1 to {LONGEST_TEXT} characters")
    return {"wamid": phones.edit(phone, text, wamid=str(wanted.get("wamid") or ""))}


@act
def revoke(request: HttpRequest, phone: Phone) -> Json:
    return {"wamid": phones.revoke(phone, wamid=str(json_of(request).get("wamid") or ""))}


@act
def stranger(request: HttpRequest, phone: Phone) -> Json:
    name = str(json_of(request).get("name", "")).strip()[:255]
    return {"id": phones.new_person_on(phone, profile_name=name).pk}


@act
def system_message(_request: HttpRequest, phone: Phone) -> Json:
    return {"wamid": phones.system_message(phone)}
