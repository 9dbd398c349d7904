"""Files on an organization's pages."""

from django.urls import path

from tenant_apps.files import views

app_name = "files"
urlpatterns = [
    path("files/<uuid:pk>/", views.download, name="download"),
    path("files/<uuid:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
    path("files/<uuid:pk>/removal/", views.removal, name="removal"),
    path("files/<str:subject_type>/<uuid:subject_id>/", views.panel, name="panel"),
    path("files/<str:subject_type>/<uuid:subject_id>/uploads/", views.upload, name="upload"),
]
