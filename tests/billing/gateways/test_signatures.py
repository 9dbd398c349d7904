"""Published vectors, and everything that a forger may try."""

from __future__ import annotations

import pytest

from billing.gateways import bodies, signatures
from billing.gateways.base import NotGenuine, Unreadable

SECRET, AT = "whsec_note", 1790812800
BODY = b'{"id":"evt_note","object":"event","type":"invoice.paid"}'
DIGEST = "6f7864653328860eb025c3ce7c94aac77884c98b1cb29aff4283678c12e04a69"
ACCENTS = '{"id":"evt_note","object":"event","data":{"name":"São Paulo"}}'.encode()
GOOD = f"t={AT},v1={DIGEST}"


def verify(header: str, *, body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: float = AT) -> None:
    signatures.verify(body, header, secrets, now=now)


def test_the_vectors() -> None:
    assert signatures.sign(BODY, SECRET, at=AT) == GOOD
    accents = "7f9071ab91868c15253ce043e5b1c7edbca2918a4a66082b6ced491a3dfccd20"
    assert signatures.sign(ACCENTS, SECRET, at=AT) == f"t={AT},v1={accents}"
    verify(GOOD)


@pytest.mark.parametrize("away", [-300, 300])
def test_five_minutes_either_way_pass(away: int) -> None:
    verify(GOOD, now=AT + away)


@pytest.mark.parametrize("away", [-301, 301, -86400])
def test_more_do_not(away: int) -> None:
    with pytest.raises(NotGenuine):
        verify(GOOD, now=AT + away)


def test_edge_50_two_secrets_hold_while_one_replaces_the_other() -> None:
    new = "whsec_new"
    verify(GOOD, secrets=(new, SECRET))
    verify(signatures.sign(BODY, new, at=AT), secrets=(new, SECRET))
    verify(f"{GOOD},v1={'0' * 64}")  # signed with both: one is enough
    with pytest.raises(NotGenuine):
        verify(GOOD, secrets=(new,))


@pytest.mark.parametrize(
    "header",
    [
        "", "t=", "v1=", f"t={AT}", f"v1={DIGEST}", f"t={AT},v0={DIGEST}", f"t={AT},v1={DIGEST[:-1]}0",
        f"t=x,v1={DIGEST}", f"t=-{AT},v1={DIGEST}", f"t={AT + 1},v1={DIGEST}", f"t={AT},t={AT},v1={DIGEST}",
        f"t={AT},v1=é", f"t={'9' * 400},v1={DIGEST}", "," * 1000, "=" * 1000, f"t={AT}, v1",
    ],
)  # fmt: skip
def test_edge_14_a_signature_that_is_none(header: str) -> None:
    with pytest.raises(NotGenuine):
        verify(header)


@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_an_empty_secret_signs_nothing(secrets: tuple[str, ...]) -> None:
    with pytest.raises(NotGenuine):
        verify(signatures.sign(BODY, "", at=AT), secrets=secrets)


def test_another_body_is_not_what_was_signed() -> None:
    with pytest.raises(NotGenuine):
        verify(GOOD, body=BODY + b" ")


def test_tokens_are_compared_whole_and_an_empty_one_is_never_right() -> None:
    assert signatures.same_token("a" * 32, "a" * 32)
    assert not signatures.same_token("a" * 31, "a" * 32)
    assert not signatures.same_token("é", "a")
    assert not signatures.same_token("", "")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b'{"a": Infinity}',
     b'{"a": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_edge_15_bodies_that_make_no_sense(body: bytes) -> None:
    with pytest.raises(Unreadable):
        bodies.read(body)


def test_what_a_database_cannot_keep_is_replaced() -> None:
    found = bodies.read(b'{"a\\u0000": ["\\u0000", "\\ud800", 1e999, 1.5]}')
    assert found == {"a\ufffd": ["\ufffd", "?", "1e999", 1.5]}
