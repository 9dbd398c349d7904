"""/ of the platform's own host."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from shared_apps.site import invitation_views, views
from shared_apps.site.account import views as account_views
from shared_apps.web.access import Public


def marked_public(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """A library's views name no permission of ours: they act on the person's own account, and check that themselves."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            marked_public(pattern.url_patterns)
        else:
            pattern.callback.required_permission = Public  # type: ignore[attr-defined] # read by the checks
    return patterns


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.landing, name="landing"),
    path("sign-up/slug/", views.sign_up_slug, name="sign_up_slug"),
    path("sign-up/<slug:slug>/", views.sign_up_progress, name="sign_up_progress"),
    path("sign-up/<slug:slug>/open/", views.sign_up_open, name="sign_up_open"),
    path("organizations/", views.organizations, name="organizations"),
    path("invitations/", invitation_views.invitation, name="invitation"),
    path("find/", views.find, name="find"),
    path("find/sent/", views.found, name="found"),
    path("go/", views.go, name="go"),
    path("sign-out/", views.sign_out, name="platform_sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("account/", account_views.profile, name="account_profile"),
    path("account/places/", account_views.places, name="account_places"),
    path("account/places/others/end/", account_views.other_places_end, name="account_other_places_end"),
    path("account/places/<uuid:place>/end/", account_views.place_end, name="account_place_end"),
    path("account/sign-ins/", account_views.sign_ins, name="account_sign_ins"),
    *marked_public(
        [
            path("account/", include("allauth.urls")),
            # After the library's own, so that these are the addresses its pages lead to.
            path("sign-in/", account.login, name="account_login"),
        ]
    ),
    path("sign-up/", views.sign_up, name="account_signup"),
]
