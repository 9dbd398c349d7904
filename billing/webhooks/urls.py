from django.urls import path

from billing.webhooks.views import hook

urlpatterns = [path("<slug:gateway>/", hook, name="webhook")]
