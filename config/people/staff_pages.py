"""Users and groups. Who may change users is no superuser by that: nobody gives away more than they have."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config.people.groups import name_of
from config.people.role_table import OWN_APPS
from config.people.roles import IN_WORDS
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.admin.history import to_history
from raffles.sales.admin.showing import NOTHING, badge

admin.site.unregister(User)
admin.site.unregister(Group)


def rights_of(user: User) -> dict[str, Any]:
    return {
        "active": user.is_active,
        "staff": user.is_staff,
        "superuser": user.is_superuser,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "rights": sorted(name_of(one) for one in user.user_permissions.select_related("content_type")),
    }


def rights_of_group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "rights": sorted(name_of(one) for one in group.permissions.select_related("content_type")),
    }


def note_difference(
    deed: Deed, request: HttpRequest, row: User | Group, before: dict[str, Any], after: dict[str, Any]
) -> None:
    changed = [name for name in after if before.get(name) != after[name]]
    if changed:
        record(
            deed,
            subject=row,
            user=request.user,
            before={name: before.get(name) for name in changed},
            after={name: after[name] for name in changed},
        )


def in_words(group: Group) -> str:
    return str(IN_WORDS.get(group.name, group.name))


class GroupsField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Group) -> str:
        return in_words(obj)


class GroupsFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(group.pk), in_words(group)) for group in Group.objects.order_by("name")]


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("username", "full_name", "roles", "second_factor", "standing", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", GroupsFilter))
    search_help_text = _("Name or e-mail")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        shown = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        rows: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return rows.annotate(has_factor=Exists(shown))

    @admin.display(description=_("full name"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or NOTHING

    @admin.display(description=_("groups"))
    def roles(self, user: User) -> str:
        names = [in_words(group) for group in user.groups.all()]
        return ", ".join([*([_now("everything")] if user.is_superuser else []), *names]) or NOTHING

    @admin.display(description=_("Second factor"), ordering="has_factor")
    def second_factor(self, user: User) -> SafeString:
        has_one = bool(getattr(user, "has_factor"))  # noqa: B009 - annotated
        return badge(_now("set up"), "good") if has_one else badge(_now("none yet"), "wait")

    @admin.display(description=_("standing"), ordering="is_active")
    def standing(self, user: User) -> SafeString:
        if not user.is_active:
            return badge(_now("closed"), "off")
        return badge(_now("works here"), "good") if user.is_staff else badge(_now("may not enter"), "wait")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Their password and address count as them: nobody takes over somebody who may do more."""
        return super().has_change_permission(request, obj) and (obj is None or _reaches(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has decided anything is in the log for good: such a user is made inactive instead."""
        return super().has_delete_permission(request, obj) and (obj is None or _reaches(request.user, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Rights come from groups; single ones, which nobody finds again, are a superuser's affair."""
        own = tuple(str(name) for name in super().get_readonly_fields(request, obj))
        return own if _is_superuser(request) else (*own, "is_superuser", "user_permissions")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Nobody puts somebody, themselves included, into a group that may do more than they may."""
        if db_field.name == "groups":
            options["form_class"] = GroupsField
            if not _is_superuser(request):
                options["queryset"] = groups_within(request.user)
        return super().formfield_for_manytomany(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        stored = User.objects.filter(pk=obj.pk).first() if change else None
        form.rights_before = rights_of(stored) if stored else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        stored = User.objects.get(pk=form.instance.pk)
        note_difference(Deed.USER_CHANGED, request, stored, form.rights_before, rights_of(stored))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        record(Deed.USER_DELETED, subject=obj, user=request.user, before=rights_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self.delete_model(request, user)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return to_history(self, request, object_id)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                record(Deed.PASSWORD_SET, subject=User.objects.get(pk=id), user=request.user)
        return response


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    list_display = ("in_words",)

    @admin.display(description=Group._meta.verbose_name, ordering="name")
    def in_words(self, group: Group) -> str:
        return in_words(group)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **options)
        if field is not None and db_field.name == "permissions":
            # Rights of what the product is built from are nobody's to give, and would hide ours.
            ours = Permission.objects.filter(content_type__app_label__in=OWN_APPS)
            field.queryset = ours.select_related("content_type")
            field.help_text = _(
                "Rights of the five roles that the product comes with are set back by each upgrade: "
                "for others make a group of your own."
            )
        return field

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return to_history(self, request, object_id)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        stored = Group.objects.filter(pk=obj.pk).first() if change else None
        form.rights_before = rights_of_group(stored) if stored else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        stored = Group.objects.get(pk=form.instance.pk)
        note_difference(Deed.GROUP_CHANGED, request, stored, form.rights_before, rights_of_group(stored))

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        record(Deed.GROUP_DELETED, subject=obj, user=request.user, before=rights_of_group(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for group in queryset:
            self.delete_model(request, group)


def groups_within(user: Any) -> QuerySet[Group]:
    """Groups that may do nothing which this user may not."""
    beyond = Permission.objects.exclude(pk__in=_held(user))
    return Group.objects.exclude(permissions__in=beyond)


def _reaches(user: Any, other: User) -> bool:
    """Also of somebody inactive, who would be somebody again."""
    if user.is_superuser or user.pk == other.pk:
        return True
    return not other.is_superuser and not _held(other).exclude(pk__in=_held(user)).exists()


def _held(user: Any) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).distinct()


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
