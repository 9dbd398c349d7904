"""What must not leave the database: secrets and personal data, masked before a line is logged or an error reported.

Two nets. By key: a value under a name that promises something private is replaced whatever it is. By shape: texts
(messages, tracebacks, database errors) lose what looks like an e-mail address, a token, a document or a phone number.
"""

import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"

_PRIVATE_KEYS = """
access address authorization birthday body city cep cnpj cookie cookies cpf csrf csrftoken custom data document email
first_name full_name header headers ip last_name legal_name name notes params payload phone postal_code query
query_string refresh remote_addr session sessionid street username x-csrftoken
"""
PRIVATE_KEYS = frozenset(_PRIVATE_KEYS.split())
_PRIVATE_PARTS = re.compile(
    r"passw|secret|token|credential|cookie|e_?mail|phone|document|authoriz|api_?key", re.IGNORECASE
)

_PRIVATE_TEXT = re.compile(
    r"""
      [\w.+%-]+@[\w-]+(?:\.[\w-]+)+                                 # e-mail address
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                               # user:password in a URL
    | eyJ[\w-]{5,}\.[\w-]+\.?[\w-]*                                 # JWT
    | (?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}                      # Authorization header
    | (?<![\w-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\w-])               # CPF
    | (?<![\w-])[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}  # CNPJ, also the alphanumeric one
    | (?<![\w-])\d{14}(?![\w-])                                     # CNPJ without punctuation
    | \+\d[\d\s()-]{7,17}\d                                         # phone, international
    | \(\d{2}\)\s?9?\d{4}-?\d{4}                                    # phone, Brazilian
    | \?[\w%.\[\]-]+=[^\s'"]*                                       # query string
    """,
    re.VERBOSE,
)
# PostgreSQL repeats the row or the key in DETAIL, whole statements in CONTEXT and a piece of the statement, with its
# values, after LINE; Celery repeats the arguments of a task that it does not know.
_REPEATED = re.compile(
    r"\b(DETAIL:|CONTEXT:|LINE \d+:|invalid input (?:syntax|value) for [\w ]+:)[^\n]*"
    r"|(The full contents of the message)\b(?s:.*)"
)
_DEPTH = 6
_LONG = 20  # characters


def is_private(key: object) -> bool:
    text = str(key).lower()
    return text in PRIVATE_KEYS or _PRIVATE_PARTS.search(text) is not None


def scrub_text(text: str) -> str:
    """The text without what looks private."""
    if len(text) > _LONG:  # short texts hold no such repetition, and most are short
        text = _REPEATED.sub(rf"\1\2 {MASK}", text)
    return _PRIVATE_TEXT.sub(MASK, text)


def scrub(value: Any, depth: int = _DEPTH) -> Any:
    """A JSON-like copy with private keys masked and texts scrubbed. Other objects become their scrubbed `str()`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        if not depth:
            return MASK
        return {
            key: MASK if is_private(key) and item not in (None, "") else scrub(item, depth - 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub(item, depth - 1) for item in value] if depth else MASK
    return scrub_text(str(value))
