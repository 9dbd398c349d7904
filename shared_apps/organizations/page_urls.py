"""Sign-in of an organization's host."""

from django.urls import path

from shared_apps.organizations import page_views

urlpatterns = [
    path("sign-in/", page_views.sign_in, name="sign_in"),
    path("enter/", page_views.enter, name="enter"),
    path("sign-out/", page_views.sign_out, name="sign_out"),
    path("invitations/", page_views.invitation, name="invitation"),
    path("session/", page_views.session, name="session"),
]
