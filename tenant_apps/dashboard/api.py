"""/api/v1/dashboard/: the figures of the first page."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.organizations.permissions import Permission, allows
from shared_apps.web.api import params
from shared_apps.web.api.errors import InvalidParameter
from tenant_apps.dashboard import queries
from tenant_apps.dashboard.periods import MONTHS, PERIODS, Asked
from tenant_apps.team.actor import actor_of

PARAMETERS = [
    OpenApiParameter("period", str, enum=PERIODS, description="What the figures are about; `month` unless told."),
    OpenApiParameter("months", str, enum=[str(n) for n in MONTHS], description="How many months back; 6 unless told."),
    OpenApiParameter("member", UUID, description="Visits of this professional only."),
]


class MonthSerializer(serializers.Serializer):
    month = serializers.DateField(source="first")  # its first day
    visits = serializers.IntegerField()  # done
    received = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)
    spent = serializers.DecimalField(max_digits=14, decimal_places=2, required=False)


class MoneySerializer(serializers.Serializer):
    received = serializers.DecimalField(max_digits=14, decimal_places=2)
    spent = serializers.DecimalField(max_digits=14, decimal_places=2)
    due = serializers.DecimalField(max_digits=14, decimal_places=2)  # still open of what is due in the period
    due_count = serializers.IntegerField()
    overdue = serializers.DecimalField(max_digits=14, decimal_places=2)
    overdue_count = serializers.IntegerField()
    overdue_clients = serializers.IntegerField()


class TopClientSerializer(serializers.Serializer):
    client = serializers.UUIDField(source="client_id")
    name = serializers.CharField()
    received = serializers.DecimalField(source="sum", max_digits=14, decimal_places=2)


class WorkSerializer(serializers.Serializer):
    member = serializers.UUIDField(source="pk")
    name = serializers.CharField(source="label")
    visits = serializers.IntegerField()
    minutes = serializers.IntegerField()


class UpcomingSerializer(serializers.Serializer):
    appointment = serializers.UUIDField(source="pk")
    starts_at = serializers.DateTimeField()
    arrival_until = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()
    client = serializers.UUIDField(source="client_id")
    client_name = serializers.CharField()
    professionals = serializers.ListField(source="who", child=serializers.CharField())


class TodaySerializer(serializers.Serializer):
    visits = serializers.IntegerField()
    done = serializers.IntegerField()


class DashboardSerializer(serializers.Serializer):
    """Members without `finance.view` get `money` null, months without money and no top clients."""

    first_day = serializers.DateField(source="days.first")
    last_day = serializers.DateField(source="days.last")
    today = TodaySerializer()
    money = MoneySerializer(allow_null=True)
    months = MonthSerializer(many=True)
    upcoming = UpcomingSerializer(many=True)
    work = WorkSerializer(many=True)
    top_clients = TopClientSerializer(many=True)


class DashboardView(APIView):
    permission = Permission.SCHEDULE_VIEW

    @extend_schema(parameters=PARAMETERS, responses=DashboardSerializer)
    def get(self, request: Request) -> Response:
        params.check_names(request, ["period", "months", "member"])
        asked = Asked(
            params.choice(request, "period", PERIODS, "month"),
            int(params.choice(request, "months", [str(n) for n in MONTHS], "6")),
            _member(request),
        )
        reader = actor_of(request)
        sees_money = allows(reader.role, Permission.FINANCE_VIEW)
        found = queries.dashboard(
            asked, now=timezone.now(), zone=timezone.get_current_timezone(), sees_money=sees_money
        )
        answer = DashboardSerializer(found).data
        if not sees_money:
            for month in answer["months"]:
                del month["received"], month["spent"]
        return Response(answer)


def _member(request: Request) -> UUID | None:
    """Raises InvalidParameter."""
    text = params.text(request, "member")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidParameter("member", _("This is not an identifier."), "invalid") from None
