"""The base of the API's serializers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer):
    """Refuses what it does not know by name, and null characters however deep they sit.

    Fields that are only read may be sent back, so that what was fetched can be edited and put.
    """

    default_error_messages = {
        "unknown_field": _("There is no such field."),
        "null_characters_not_allowed": _("Null characters are not allowed."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            errors = {key: self._error("unknown_field") for key in data if key not in self.fields}
            errors |= {path: self._error("null_characters_not_allowed") for path in nulls(data)}
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _error(self, code: str) -> list[ErrorDetail]:
        return [ErrorDetail(str(self.error_messages[code]), code=code)]


class MomentField(serializers.DateTimeField):
    """A moment, in UTC inside: two times of one zone are compared and subtracted by their clocks, which is wrong by an
    hour where clocks change in between. A time without an offset is the organization's; one that is skipped is refused.
    """

    default_error_messages = {
        "skipped_time": _("On this day the clocks go forward and skip this time. Choose another."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        try:
            given: datetime = super().to_internal_value(value)
            moment = given.astimezone(UTC)
            back = moment.astimezone(given.tzinfo)
        except OverflowError:
            self.fail("overflow")
        if back.replace(tzinfo=None) != given.replace(tzinfo=None):
            self.fail("skipped_time")
        return moment


class Several(serializers.ListField):
    """A list with an end. One that is longer is refused before anything in it is looked at."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        self.most = max_length
        super().__init__(max_length=max_length, **options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list | tuple) and len(data) > self.most:
            text = self.error_messages["max_length"].format(max_length=self.most)
            raise serializers.ValidationError([ErrorDetail(text, code="max_length")])
        return super().to_internal_value(data)


def many(serializer: type[serializers.Serializer], *, max_length: int, **options: Any) -> Any:
    """The same of serializers; a list that is too long is refused before anything in it is looked at here, too."""
    return serializer(**{"many": True, "max_length": max_length, **options})


def nulls(value: Any, path: str = "") -> Iterator[str]:
    """The paths of strings (and keys) that hold a null character, which PostgreSQL cannot store."""
    if isinstance(value, str):
        if "\x00" in value:
            yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else str(key)
            if "\x00" in str(key):
                yield here.replace("\x00", "")
            else:
                yield from nulls(inner, here)
    elif isinstance(value, list):
        for item in value:
            yield from nulls(item, path)
