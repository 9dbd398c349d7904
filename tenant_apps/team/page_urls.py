"""/team/ of an organization's host."""

from django.urls import path

from tenant_apps.team import page_views as views

app_name = "team"
urlpatterns = [
    path("", views.team, name="team"),
    path("leaving/", views.leave, name="leave"),
    path("members/<uuid:pk>/role/", views.role, name="role"),
    path("members/<uuid:pk>/deactivation/", views.deactivation, name="deactivation"),
    path("members/<uuid:pk>/activation/", views.activation, name="activation"),
    path("members/<uuid:pk>/ownership/", views.ownership, name="ownership"),
    path("invitations/", views.invite, name="invite"),
    path("invitations/<uuid:pk>/resending/", views.resend, name="resend"),
    path("invitations/<uuid:pk>/revocation/", views.revoke, name="revoke"),
]
