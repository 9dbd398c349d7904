"""What staff may do to a thing, with a reason. An app says what; the console asks, does it and writes it down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from shared_apps.accounts.models import User
from shared_apps.console.forms import ReasonForm
from shared_apps.console.models import ConsoleAction
from shared_apps.organizations.models import Organization

Run = Callable[..., str | Promise]


def always(_subject: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Preview:
    """What will happen, in lines for people. `keep`: values of hidden fields, by which it then happens just so."""

    lines: Sequence[str | Promise]
    keep: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """`run(subject, actor=, reason=, **fields of the form)` calls a service and answers what came of it.

    `preview(subject, **fields of the form)` answers lines that say what it will do: the form is then asked for twice,
    the second time with them. Fields that are hidden may be given a value by it (`Preview.keep`).

    `possible` says whether the button is there; the service has the last word. `atomic` False: for what speaks to a
    provider, which must not happen inside a transaction.
    """

    model: type[models.Model]
    name: str
    label: str | Promise
    run: Run
    explains: str | Promise = ""
    form: type[ReasonForm] = ReasonForm
    possible: Callable[[Any], bool] = always
    preview: Callable[..., Preview] | None = None
    is_grave: bool = False
    passes: bool = False  # the thing is gone once it is done: its list comes next
    atomic: bool = True
    order: int = 100


_actions: dict[tuple[str, str], Action] = {}


def add(action: Action) -> None:
    _actions[action.model._meta.label_lower, action.name] = action


def find(model: type[models.Model], name: str) -> Action | None:
    return _actions.get((model._meta.label_lower, name))


def known(label: str, name: str) -> Action | None:
    """`label`: of the model, as a ConsoleAction keeps it."""
    return _actions.get((label, name))


def possible_for(subject: models.Model) -> list[Action]:
    label = subject._meta.label_lower
    mine = (action for (model, _name), action in _actions.items() if model == label)
    return sorted((one for one in mine if one.possible(subject)), key=lambda one: one.order)


def perform(action: Action, subject: Any, *, actor: User, reason: str, **given: Any) -> str | Promise:
    """Do it, and write down who did it and why. Raises what the service raises; then nothing is written."""
    with transaction.atomic() if action.atomic else nullcontext():
        # First, for it names what may be gone afterwards.
        written = record(action, subject, actor=actor, reason=reason, given=given) if action.atomic else None
        outcome = action.run(subject, actor=actor, reason=reason, **given)
        written = written or record(action, subject, actor=actor, reason=reason, given=given)
        ConsoleAction.objects.filter(pk=written.pk).update(outcome=str(outcome)[:200])
    return outcome


def record(action: Action, subject: Any, *, actor: User, reason: str, given: dict[str, Any]) -> ConsoleAction:
    return ConsoleAction.objects.create(
        by=actor,
        by_email=actor.email,
        action=f"{subject._meta.app_label}.{action.name}",
        subject=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_name=str(subject)[:200],
        organization=organization_of(subject),
        reason=reason,
        details={name: None if value is None else str(value)[:200] for name, value in given.items()},
    )


def organization_of(subject: Any) -> Organization | None:
    return subject if isinstance(subject, Organization) else getattr(subject, "organization", None)
