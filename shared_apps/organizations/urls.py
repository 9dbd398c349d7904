"""/api/v1/auth/"""

from django.urls import path

from shared_apps.organizations import api, openapi  # noqa: F401 - openapi tells the schema how one signs in

app_name = "auth"
urlpatterns = [
    path("login/", api.LoginView.as_view(), name="login"),
    path("refresh/", api.RefreshView.as_view(), name="refresh"),
    path("logout/", api.LogoutView.as_view(), name="logout"),
    path("me/", api.MeView.as_view(), name="me"),
]
