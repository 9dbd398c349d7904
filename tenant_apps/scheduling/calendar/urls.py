"""/calendar/ on an organization's host."""

from django.urls import path

from tenant_apps.scheduling.calendar import feed_views, views

app_name = "calendar"
urlpatterns = [
    path("", views.page, name="page"),
    path("events/", views.events, name="events"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("feed/", feed_views.feed, name="feed"),
    path("feed/removal/", feed_views.feed_removal, name="feed_removal"),
    path("feed/<str:token>.ics", feed_views.feed_file, name="feed_file"),
    path("<uuid:pk>.ics", feed_views.appointment_file, name="appointment_file"),
]
