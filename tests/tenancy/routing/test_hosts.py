"""Host names as people, proxies and attackers write them."""

import pytest

from shared_apps.tenancy.routing import normalise


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("acme.localhost", "acme.localhost"),
        ("ACME.LocalHost:8000", "acme.localhost"),
        ("acme.localhost.", "acme.localhost"),
        ("acme.localhost.:443", "acme.localhost"),
        ("ação.example:8000", "xn--ao-siap.example"),
        ("xn--ao-siap.example", "xn--ao-siap.example"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "[::1]"),
        ("", None),
        (".", None),
        (".localhost", None),
        ("a..localhost", None),
        ("acme.localhost:abc", None),
        ("acme localhost", None),
        ("acme\x00.localhost", None),
        ("acme.localhost/../globex", None),
        ("acme.localhost@globex.localhost", None),
        ("acme_.localhost", None),
        ("\udcff.localhost", None),
        ("a" * 254, None),
        (f"{'ã' * 64}.localhost", None),
    ],
)
def test_normalise(raw: str, host: str | None) -> None:
    assert normalise(raw) == host
