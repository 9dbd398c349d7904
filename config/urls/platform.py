"""The platform's own domain: site, health, later sign-up, webhooks and the console."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
