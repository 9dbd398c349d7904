"""Refusals of buying, changing and ending."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations.errors import NotPossibleNow


class NotForSale(FieldError):
    """The price is retired, of a plan that is not offered, or in another currency than the gateway takes."""

    def __init__(self, field: str = "price") -> None:
        super().__init__(field, _("This plan is not offered. Choose another."), "not_offered")


class CouponRefused(FieldError):
    def __init__(self) -> None:
        super().__init__("coupon", _("This coupon does not exist or cannot be used any more."), "coupon_refused")


class AlreadySubscribed(DomainError):
    code = "already_subscribed"
    message = _("You already have a plan. Change it instead of buying another.")


class FirstPurchaseStands(AlreadySubscribed):
    """Another plan was chosen while the first was being paid."""

    message = _("The plan you chose first has just been paid, so it is yours. You can change it now.")


class SwitchUnderWay(DomainError):
    """What is to follow at the other gateway is bought already."""

    code = "switch_under_way"
    message = _("The change of the payment service is made already. It begins when what is paid for ends.")


class NotSubscribed(DomainError):
    code = "not_subscribed"
    message = _("There is no plan to change. Choose one first.")


class PaymentDue(DomainError):
    code = "payment_due"
    message = _("Pay what is open first. The plan can be changed after that.")


class GivenBack(DomainError):
    """Nothing is paid that another price could be set off against: it is bought anew."""

    code = "given_back"
    message = _("What was paid for this plan was given back. Choose a plan on the page of the plans to buy it anew.")


class SamePlan(DomainError):
    code = "same_plan"
    message = _("This is the plan you have.")


class NothingToUndo(DomainError):
    code = "nothing_to_undo"
    message = _("There is no change to take back.")


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    message = _("There is not so much to give back.")


class NotCanceled(DomainError):
    code = "not_canceled"
    message = _("Your plan is not about to end.")


class HasEnded(DomainError):
    code = "ended"
    message = _("This plan has ended. Choose one to go on.")


class NoTrial(DomainError):
    code = "no_trial"
    message = _("Only a trial can be made longer.")


class PaymentRefused(FieldError):
    """The gateway said no: a card that was declined, data it does not accept. It is said beside the way to pay."""

    def __init__(self, said: str = "") -> None:
        words = said or _("The payment was not accepted. Try another card, or another way to pay.")
        super().__init__("method", words, "payment_refused")


class DocumentMissing(PaymentRefused):
    """A gateway that charges nobody without a CPF or CNPJ."""

    def __init__(self) -> None:
        super().__init__(str(_("Your firm's CPF or CNPJ is missing. Fill it in under Settings, Firm; then try again.")))


class PaymentsAway(DomainError):
    """The gateway does not answer."""

    code = "payments_away"
    status = 503
    message = _("The payment service does not answer right now. Nothing was changed; try again in a few minutes.")


class NotSetUp(PaymentsAway):
    """The platform has no gateway, or not the one that is asked for: no try again will help."""

    code = "payments_not_set_up"
    status = 409
    message = _("Payments are not set up here yet. Nothing was changed.")


class NoPaymentPage(DomainError):
    code = "no_payment_page"
    message = _("There is no way to pay stored yet. It is asked for when you choose a plan.")


class NoOpenCharge(NoPaymentPage):
    """A gateway without a page for cards: another card is given on the page of a charge, and none is open."""

    message = _("No charge is open right now. The page of the next one takes another card; its link will be here.")


class StillCharged(NotPossibleNow):
    """A gateway has not yet said that it stopped charging the organization, which must not be forgotten before."""

    code = "still_charged"
    message = _("The payment service has not confirmed the end of this plan yet. Try again later.")
