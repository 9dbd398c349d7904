"""The client list the usual way: instances, a ModelSerializer, page numbers with an exact count."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import generics, serializers
from rest_framework.pagination import PageNumberPagination

from shared_apps.organizations.permissions import Permission
from tenant_apps.clients.models import Client
from tenant_apps.clients.queries import ROW


class UsualClientSerializer(serializers.ModelSerializer[Client]):
    class Meta:
        model = Client
        fields: ClassVar[list[str]] = [name for name in ROW if name != "archived"]


class UsualPages(PageNumberPagination):
    page_size = 50


class UsualClientList(generics.ListAPIView[Any]):
    permission = Permission.CLIENTS_VIEW
    queryset = Client.objects.standing().defer("search").order_by("name_key", "id")
    serializer_class = UsualClientSerializer
    pagination_class = UsualPages
    filter_backends: ClassVar[list[Any]] = []
