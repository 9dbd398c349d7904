"""Five guesses are five guesses, however many come at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shared_apps.accounts import throttle
from shared_apps.accounts.errors import TooManyAttempts
from shared_apps.accounts.models import SignInAttempt
from shared_apps.tenancy import context


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_five_guesses() -> None:
    barrier, through, refused = threading.Barrier(20), [], []

    def guess(number: int) -> None:
        with context.public():
            barrier.wait()
            try:
                # crossing keys: everyone meets everyone, by e-mail or by address
                address = "203.0.113.9" if number % 2 else f"198.51.100.{number}"
                through.append(throttle.begin(email="alice@acme.example", address=address))
            except TooManyAttempts as refusal:
                refused.append(refusal.extra["retry_after"])
            finally:
                connection.close()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(through), len(refused)) == (5, 15)
    assert set(refused) == {2}  # they may yet turn out to be right: try again soon


@pytest.mark.django_db
def test_attempts_that_failed_hold_for_fifteen_minutes() -> None:
    for _ in range(5):
        throttle.failed(throttle.begin(email="alice@acme.example", address=""))
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(TooManyAttempts) as refusal:
        throttle.begin(email=" ALICE@acme.example", address="")
    assert 590 <= refusal.value.extra["retry_after"] <= 601
    throttle.begin(email="bob@acme.example", address="")  # no address is no common address


@pytest.mark.django_db
def test_purging_keeps_what_counts() -> None:
    old, new = (throttle.begin(email=f"{name}@acme.example", address="") for name in ("old", "new"))
    SignInAttempt.objects.filter(pk=old.pk).update(at=timezone.now() - throttle.WINDOW)
    assert throttle.purge(timezone.now()) == 1
    assert SignInAttempt.objects.get() == new
