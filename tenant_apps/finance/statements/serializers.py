"""What the API tells of statements. Amounts are decimals in strings."""

from __future__ import annotations

from rest_framework import serializers

from tenant_apps.finance.statements.income import IncomeRow


def money(source: str | None = None) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=20, decimal_places=2, source=source)


class PeriodSerializer(serializers.Serializer):
    start = serializers.DateField()
    end = serializers.DateField()


class CashFlowRowSerializer(serializers.Serializer):
    period = PeriodSerializer()
    received = money("came")
    paid = money("went")
    to_receive = money("to_come")
    to_pay = money("to_go")
    balance = money()


class CashFlowSerializer(serializers.Serializer):
    period = PeriodSerializer()
    by = serializers.CharField()
    opening = money()
    closing = money()
    overdue_receivable = money("late_in")
    overdue_payable = money("late_out")
    rows = CashFlowRowSerializer(many=True)


class AgeingRowSerializer(serializers.Serializer):
    client = serializers.UUIDField(source="client_id", allow_null=True)
    name = serializers.CharField()
    amounts = serializers.ListField(child=money())
    total = money()


class AgeingSerializer(serializers.Serializer):
    """`amounts` and `totals`: not due yet, 1 to 30 days late, 31 to 60, 61 to 90, more."""

    today = serializers.DateField()
    totals = serializers.ListField(child=money())
    total = money()
    has_next = serializers.BooleanField()
    rows = AgeingRowSerializer(many=True)


class IncomeRowSerializer(serializers.Serializer):
    kind = serializers.CharField()
    category = serializers.UUIDField(source="category_id", allow_null=True)
    name = serializers.CharField()
    is_extra = serializers.BooleanField()
    amounts = serializers.SerializerMethodField()
    total = money()

    def get_amounts(self, row: IncomeRow) -> dict[str, str]:
        """By the month's first day."""
        return {month.isoformat(): str(amount) for month, amount in sorted(row.amounts.items())}


class IncomeSerializer(serializers.Serializer):
    period = PeriodSerializer()
    basis = serializers.CharField()
    months = serializers.ListField(child=serializers.DateField())
    rows = IncomeRowSerializer(many=True)
    results = serializers.ListField(child=money())
    result = money()


class AccountLineSerializer(serializers.Serializer):
    on = serializers.DateField()
    entry = serializers.UUIDField(source="entry_id")
    description = serializers.CharField()
    charged = money()
    settled = money()
    paid = money()
    extra = money()
    discount = money()
    method = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    balance = money()


class AccountSerializer(serializers.Serializer):
    client = serializers.UUIDField(source="client.pk")
    period = PeriodSerializer()
    opening = money()
    charged = money()
    settled = money()
    closing = money()
    is_cut = serializers.BooleanField()
    lines = AccountLineSerializer(many=True)
