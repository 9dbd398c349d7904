"""What a plan does not allow, and a catalogue that makes no sense."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError

UPGRADE = "/settings/billing/plans/"
EXPORT = "/clients/export/"  # of pages that lie above this storey, and stay open when it is suspended


class LimitReached(DomainError):
    """`feature`, `limit` and `usage` are for programs; `upgrade` is where a larger plan is chosen."""

    code = "limit_reached"
    status = 402
    message = _(
        "%(label)s: %(usage)s of %(limit)s, and there is no room for more in your plan. Nothing is lost; with a larger "
        "plan, which an owner can choose, you can add more."
    )


class NotInPlan(DomainError):
    code = "not_in_plan"
    status = 402
    message = _("%(label)s is not part of your plan. An owner can choose a plan that has it.")


class ReadOnly(DomainError):
    """Dunning has come to its last days: looking and exporting go on."""

    code = "read_only"
    status = 402
    message = _(
        "A payment for Colmeia is missing, so nothing can be changed right now. Everything can be seen and exported; "
        "an owner can pay under Settings, Plan."
    )


class Suspended(DomainError):
    """`export` is where records are taken along."""

    code = "subscription_suspended"
    status = 402
    message = _(
        "Access is suspended until there is a paid plan. Your records are kept and can be exported; an owner can "
        "choose or pay a plan under Settings, Plan."
    )


class BadCatalogue(DomainError):
    code = "bad_catalogue"
    message = _("The catalogue cannot be read: %(why)s")
