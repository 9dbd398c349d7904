"""/reports/ on an organization's host."""

from django.urls import path

from tenant_apps.reports import page_views

app_name = "reports"
urlpatterns = [
    path("", page_views.report_list, name="list"),
    path("runs/<uuid:pk>/", page_views.run_show, name="run"),
    path("runs/<uuid:pk>/progress/", page_views.run_progress, name="progress"),
    path("runs/<uuid:pk>/file/", page_views.run_file, name="run_file"),
    path("subscriptions/<uuid:pk>/removal/", page_views.subscription_remove, name="unsubscribe"),
    path("sent/<str:token>/", page_views.sent_file, name="sent"),
    path("<slug:key>/", page_views.report_show, name="show"),
    path("<slug:key>/files/", page_views.file_create, name="file"),
    path("<slug:key>/subscriptions/", page_views.subscription_create, name="subscribe"),
]
