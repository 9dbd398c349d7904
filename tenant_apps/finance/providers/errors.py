"""Refusals of charges by a provider."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class NotConnected(DomainError):
    code = "provider_not_connected"
    message = _("Connect your Asaas account first, in the settings.")


class NotIssued(DomainError):
    code = "charge_not_issued"
    message = _("There is no charge that could be withdrawn. Load the page again.")


class ChargesStand(DomainError):
    code = "charges_stand"
    message = _("Charges of this account are still open. Withdraw them first.")


class ChargeStands(DomainError):
    code = "charge_stands"
    message = _("A charge of it is open at Asaas. Cancel the entry, and the charge is withdrawn by itself.")


class NotReceivable(DomainError):
    code = "not_receivable"
    message = _("Only what somebody owes you can be charged.")
