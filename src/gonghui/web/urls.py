"""Addresses of the sign-in and of core's own nouns."""

from allauth.account.views import logout, reauthenticate
from allauth.mfa.base.views import index as mfa_index
from allauth.mfa.base.views import reauthenticate as mfa_reauthenticate
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import include, path
from django.views.i18n import set_language

from gonghui.web.pages import figures, filters, grants, health, home, notes, parameters, search, sign_in

pages = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("notes/<str:model>/<uuid:public_id>/", notes.write, name="write_note"),
    path("reminders/<uuid:public_id>/finish/", notes.finish, name="finish_note"),
    path("filters/", filters.save, name="save_filter"),
    path("filters/<uuid:public_id>/delete/", filters.delete, name="delete_filter"),
    path("figures/", figures.index, name="figures"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
    path("figures/<slug:code>/rows/", figures.figure_rows, name="figure_rows"),
    path("grants/", grants.index, name="grants"),
    path("grants/<uuid:public_id>/", grants.record, name="grant"),
    path("grants/<uuid:public_id>/<slug:step>/", grants.step, name="grant_step"),
    path("organisations/<uuid:public_id>/<slug:step>/", grants.organisation_step, name="organisation_step"),
    path("parameters/", parameters.index, name="parameters"),
    path("parameters/<uuid:public_id>/", parameters.revise, name="revise_parameter"),
]
urlpatterns = [
    path("", include((pages, "web"))),
    path("healthz", health.healthz, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("accounts/login/", sign_in.Login.as_view(), name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", mfa_index, name="mfa_index"),
    path("accounts/2fa/authenticate/", sign_in.Authenticate.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa_reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", sign_in.Activate.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
