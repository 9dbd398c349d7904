"""Buying: to the gateway's page and back. Coming back proves nothing; the gateway is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from billing import clock
from billing.gateways.base import CheckoutWanted, Gateway, Payer
from billing.plans.models import Coupon, Price
from billing.subscriptions import customers, queries
from billing.subscriptions.errors import AlreadySubscribed, CouponRefused, NotForSale
from billing.subscriptions.models import Checkout, Status, Subscription
from billing.subscriptions.services.asking import asking, gateway, wanted
from billing.subscriptions.services.cancelling import cancel
from billing.subscriptions.services.withdrawing import make_way
from billing.subscriptions.sync import sync
from billing.subscriptions.transitions import record
from shared_apps.accounts.models import User
from shared_apps.core.errors import NotThere
from shared_apps.organizations.models import Membership, Organization
from shared_apps.tenancy import context, locks

LASTS = timedelta(hours=23)  # gateways close theirs after 24
SHORTEST_TRIAL = timedelta(hours=48)  # of a trial that a purchase still waits for; a gateway takes no less


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody chose. `replaces`: the subscription that this one follows, at another gateway."""

    price: Price
    gateway: str
    seats: int = 1
    coupon: Coupon | None = None
    method: str = ""
    replaces: Subscription | None = None


def begin_checkout(
    organization: Organization,
    *,
    price: Price,
    by: User | None,
    return_url: Callable[[Checkout], str],
    cancel_url: str,
    seats: int = 1,
    coupon: str = "",
    method: str = "",
    now: datetime | None = None,
) -> Checkout:
    """A purchase to be finished at `.url`; the one that is open already when the same is chosen again, by whomever.

    Raises NotForSale, CouponRefused, AlreadySubscribed, PaymentRefused, PaymentsAway.
    """
    now = now or clock.now()
    with context.public():
        provider = gateway()
        offered = price.retired_at is None and price.plan.is_offered
        if not offered or price.currency not in provider.abilities.currencies:
            raise NotForSale
        order = Order(price, provider.name, max(seats, 1), valid_coupon(coupon, now), method)
        return open_at_gateway(
            organization, order, provider, by=by, return_url=return_url, cancel_url=cancel_url, now=now
        )


def open_at_gateway(
    organization: Organization,
    order: Order,
    provider: Gateway,
    *,
    by: User | None,
    return_url: Callable[[Checkout], str],
    cancel_url: str,
    now: datetime,
) -> Checkout:
    """Write the purchase down, then ask for its page. Who asks twice at the same moment gets one page.

    Of two who choose different plans at the same moment the second takes the first one's purchase back. What was given
    back is ended before anybody can pay: it would be charged for again beside what is bought now.
    """
    with locks.held(f"checkout:{organization.pk}"):
        make_way(organization, keeps=lambda one: one.expires_at > now and _is_same(one, order), by=by)
        made = _open(organization, order, provider, by=by, return_url=return_url, cancel_url=cancel_url, now=now)
        if order.replaces is None:
            _end_given_back(organization, by=by)
        return made


def _open(
    organization: Organization,
    order: Order,
    provider: Gateway,
    *,
    by: User | None,
    return_url: Callable[[Checkout], str],
    cancel_url: str,
    now: datetime,
) -> Checkout:
    checkout = _write_down(organization, order, by=by, now=now)
    if checkout.url:
        return checkout
    subscription = checkout.subscription
    with asking():
        price = wanted(order.price, provider, seats=order.seats, coupon=order.coupon)
        customer = ensure_customer(organization, provider)
        asked = CheckoutWanted(
            key=checkout.key,
            reference=str(subscription.pk),
            organization=str(organization.pk),
            customer=customer,
            price=price,
            trial_ends_at=_trial_left(subscription, now),
            success_url=return_url(checkout),
            cancel_url=cancel_url,
            method=order.method,
            starts_at=subscription.trial_ends_at if order.replaces else None,
        )
        opened = provider.open_checkout(asked)
    ends = min(opened.expires_at or checkout.expires_at, checkout.expires_at)
    Checkout.objects.filter(pk=checkout.pk).update(external_id=opened.id, url=opened.url, expires_at=ends)
    checkout.refresh_from_db()
    return checkout


def _end_given_back(organization: Organization, *, by: User | None) -> None:
    alive = queries.live(organization.pk)
    if alive is not None and queries.is_given_back(alive):
        cancel(alive, by=by, reason="bought anew")


def finish_checkout(
    organization: Organization, *, checkout: str = "", session: str = "", now: datetime | None = None
) -> Checkout:
    """Ask the gateway what became of a purchase and write it down. Raises NotThere for one that is not theirs.

    `checkout` is our id, `session` the gateway's. Gateways' errors come through: nothing is known then.
    """
    now = now or clock.now()
    with context.public():
        theirs = Checkout.objects.filter(organization=organization).select_related("subscription")
        found = (theirs.filter(external_id=session) if session else theirs.filter(pk=checkout)).first()
        if found is None:
            raise NotThere
        if found.closed_at is None and found.external_id:
            snapshot = gateway(found.gateway).fetch_checkout(found.external_id)
            if snapshot is not None and snapshot.reference not in ("", str(found.subscription_id)):
                raise NotThere
            found.subscription = sync(found.subscription_id, cause=f"checkout:{found.pk}", now=now)
            if snapshot is None or not snapshot.is_open or found.subscription.status in (Status.ACTIVE,):
                close(found, now)
        return found


def close(checkout: Checkout, now: datetime) -> None:
    Checkout.objects.filter(pk=checkout.pk, closed_at=None).update(closed_at=now)
    checkout.closed_at = checkout.closed_at or now


def valid_coupon(code: str, now: datetime) -> Coupon | None:
    """Raises CouponRefused for one that is not there, or late."""
    if not code.strip():
        return None
    coupon = Coupon.objects.filter(code=code.strip().upper()).first()
    if coupon is None or (coupon.redeem_by and coupon.redeem_by <= now):
        raise CouponRefused
    return coupon


def _redeem(coupon: Coupon, organization: Organization, now: datetime) -> None:
    """Hold one of the times it may be used until the purchase is written down. Raises CouponRefused.

    Purchases that are open count, for each may still be paid.
    """
    locks.take(f"coupon:{coupon.pk}")
    used = Subscription.objects.filter(coupon=coupon).exclude(organization=organization)
    opened = Checkout.objects.filter(coupon=coupon, closed_at=None, expires_at__gt=now)
    theirs = set(used.values_list("organization", flat=True)) | set(opened.values_list("organization", flat=True))
    if coupon.most is not None and len(theirs - {organization.pk}) >= coupon.most:
        raise CouponRefused


def ensure_customer(organization: Organization, provider: Gateway) -> str:
    """The organization's id at the gateway, where its name and address are brought up to date."""
    payer = payer_of(organization, known_as=customers.id_of(organization.pk, provider.name))
    key = f"customer:{organization.pk}:{abs(hash_of(payer))}"
    external_id = provider.ensure_customer(payer, key=key)
    customers.remember(organization.pk, provider.name, external_id)
    return external_id


def payer_of(organization: Organization, *, known_as: str = "") -> Payer:
    owners = Membership.objects.owning().filter(organization=organization)
    first = owners.select_related("user").order_by("created_at").first()
    return Payer(
        reference=str(organization.pk),
        name=organization.legal_name or organization.name,
        email=organization.email or (first.user.email if first else ""),
        document=organization.document,
        phone=organization.phone,
        locale=organization.locale,
        known_as=known_as,
    )


def hash_of(payer: Payer) -> int:
    """The same for the same words: a key of what was asked, so that a changed name is another request."""
    return locks.key("|".join([payer.name, payer.email, payer.document, payer.phone, payer.locale, payer.known_as]))


@transaction.atomic
def _write_down(organization: Organization, order: Order, *, by: User | None, now: datetime) -> Checkout:
    locks.take(f"billing:{organization.pk}")
    open_one = Checkout.objects.filter(organization=organization, closed_at=None).select_related("subscription").first()
    if open_one is not None:
        is_over = open_one.expires_at <= now or queries.is_given_back(open_one.subscription)
        if not is_over and _is_same(open_one, order):
            return open_one
        close(open_one, now)  # finished, or taken back
    if order.coupon is not None and order.replaces is None:
        _redeem(order.coupon, organization, now)
    subscription = _subscription_for(organization, order, now)
    number = Checkout.objects.filter(subscription=subscription).count() + 1
    return Checkout.objects.create(
        organization=organization,
        subscription=subscription,
        price=order.price,
        seats=order.seats,
        coupon=order.coupon,
        gateway=order.gateway,
        method=order.method,
        key=f"checkout:{subscription.pk}:{number}",
        by=by,
        created_at=now,
        expires_at=now + LASTS,
    )


def _is_same(checkout: Checkout, order: Order) -> bool:
    coupon = order.coupon.pk if order.coupon else None
    chosen = (order.price.pk, order.seats, coupon, order.gateway, order.method)
    return chosen == (checkout.price_id, checkout.seats, checkout.coupon_id, checkout.gateway, checkout.method)


def _subscription_for(organization: Organization, order: Order, now: datetime) -> Subscription:
    """The one that the purchase will run: the trial, one that was never finished, or a new one."""
    alive = queries.live(organization.pk)
    if alive is not None and order.replaces is None and not queries.is_given_back(alive):
        if alive.external_id:
            raise AlreadySubscribed
        return alive
    unfinished = Subscription.objects.filter(
        organization=organization, status=Status.INCOMPLETE, external_id="", replaces=order.replaces
    ).first()
    if unfinished is not None:
        Subscription.objects.filter(pk=unfinished.pk).update(created_at=now)
        return replace_price(unfinished, order)
    made = Subscription.objects.create(
        organization=organization,
        price=order.price,
        seats=order.seats,
        coupon=order.coupon,
        replaces=order.replaces,
        trial_ends_at=order.replaces.period_ends_at if order.replaces else None,
        due_at=now + LASTS + timedelta(hours=1),
    )
    record(made, before="", cause="checkout", now=now, by=None)
    return made


def replace_price(subscription: Subscription, order: Order) -> Subscription:
    subscription.price, subscription.seats, subscription.coupon = order.price, order.seats, order.coupon
    subscription.save(update_fields=["price", "seats", "coupon"])
    return subscription


def _trial_left(subscription: Subscription, now: datetime) -> datetime | None:
    ends = subscription.trial_ends_at
    if subscription.status == Status.TRIALING and ends and ends - now >= SHORTEST_TRIAL:
        return ends
    return None
