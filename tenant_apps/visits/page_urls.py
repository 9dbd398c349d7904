"""/visit-reports/ on an organization's host."""

from django.urls import path

from tenant_apps.visits.page_views import log_books, reports

app_name = "visits"
urlpatterns = [
    path("", reports.report_list, name="list"),
    path("<uuid:pk>/", reports.report_detail, name="detail"),
    path("<uuid:pk>/paper/", reports.report_paper, name="paper"),
    path("<uuid:pk>/signature/", reports.report_signature, name="signature"),
    path("log-books/<uuid:pk>/", log_books.log_book, name="log_book"),
    path("log-books/<uuid:pk>/paper/", log_books.log_book_paper, name="log_book_paper"),
]
