"""Whose address counts, behind how many proxies."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.accounts.addresses import client_address, neighbourhood


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),  # written by the client
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the left one is a lie
        (2, "198.51.100.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # fewer entries than proxies: somebody came another way
        (1, "unknown", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, forwarded: str | None, expected: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": "10.0.0.1"} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    assert client_address(meta) == expected


def test_a_unix_socket_has_no_address() -> None:
    assert client_address({"REMOTE_ADDR": ""}) == ""
    assert neighbourhood("") == ""


def test_an_ipv6_subscriber_is_one_neighbourhood() -> None:
    assert neighbourhood("2001:db8:0:1::5") == neighbourhood("2001:db8:0:1:ffff::9") == "2001:db8:0:1::/64"
    assert neighbourhood("2001:db8:0:2::5") != neighbourhood("2001:db8:0:1::5")
    assert neighbourhood("203.0.113.9") == "203.0.113.9"


@given(st.text(), st.integers(0, 3))
def test_whatever_a_header_holds_it_is_an_address_or_none(forwarded: str, proxies: int) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        neighbourhood(client_address({"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": forwarded}))
