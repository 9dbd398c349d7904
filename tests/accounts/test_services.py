"""Credentials: the same answer and the same work for everything that is wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from shared_apps.accounts.errors import InvalidCredentials
from shared_apps.accounts.models import User
from shared_apps.accounts.services import check_credentials, record_sign_in
from tests.cast import PASSWORD


def test_case_and_blanks_around_an_e_mail_do_not_matter(alice: User) -> None:
    assert check_credentials(email=" Alice@ACME.example ", password=PASSWORD) == alice


def test_every_refusal_costs_one_password_hash(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    hashes: Counter[str] = Counter()
    original = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashes["made"] += 1
        return original(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    for email, password in [
        ("alice@acme.example", "wrong"),
        ("nobody@acme.example", "x"),
        ("bob@acme.example", PASSWORD),
    ]:
        hashes.clear()
        with pytest.raises(InvalidCredentials):
            check_credentials(email=email, password=password)
        assert hashes["made"] == 1, email


def test_a_user_without_a_password_cannot_sign_in(db: None) -> None:
    User.objects.create_user("new@acme.example")
    for password in ["", "!", "None"]:
        with pytest.raises(InvalidCredentials):
            check_credentials(email="new@acme.example", password=password)


def test_signing_in_is_remembered(alice: User) -> None:
    user = User.objects.get(pk=alice.pk)
    assert user.last_login is None
    record_sign_in(user)
    assert User.objects.get(pk=alice.pk).last_login is not None
