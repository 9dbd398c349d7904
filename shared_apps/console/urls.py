"""/console/ of the platform's own host."""

from shared_apps.console.site import discover, site

discover()
urlpatterns, app_name, namespace = site.urls
