"""The calendar's forms show every refusal of its services where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from shared_apps.core.errors import FieldError
from shared_apps.web.forms import Form
from tenant_apps.scheduling.errors import NotWorking, Refusal, SeriesCollides

T = TypeVar("T")


class CalendarForm(Form):
    """`refusal`: what the calendar said against it, which a page may offer ways around."""

    ALIASES: ClassVar[dict[str, str]] = {}  # what a rule calls a field: what this form does
    refusal: Refusal | None = None

    def attempt(self, service: Callable[..., T], *given: Any, **named: Any) -> T | None:
        """The service's result, or None when it refused: then the form says why."""
        try:
            return service(*given, **named)
        except Refusal as error:
            self.refusal = error
        except FieldError as error:
            name = self.ALIASES.get(error.field, error.field)
            self.add_error(name if name in self.fields else None, error.detail)
        return None

    @property
    def can_overrule(self) -> bool:
        return isinstance(self.refusal, (NotWorking, SeriesCollides))

    @property
    def alternatives(self) -> list[datetime]:
        """The free times that were offered."""
        offered = self.refusal.extra.get("alternatives", []) if self.refusal else []
        return [datetime.fromisoformat(slot["starts_at"]) for slot in offered]
