from django.contrib import admin
from django.urls import path

from config.people.factor_pages import overview, remove, renew_codes
from config.people.sign_in import SignInCode, sign_in

# Before those of the admin, whose own login asks for no code.
urlpatterns = [
    path("login/", sign_in),
    path("login/code/", SignInCode.as_view(), name="sign_in_code"),
    path("second-factor/", admin.site.admin_view(overview), name="second_factor"),
    path("second-factor/codes/", admin.site.admin_view(renew_codes), name="second_factor_codes"),
    path("second-factor/remove/", admin.site.admin_view(remove), name="second_factor_remove"),
]
