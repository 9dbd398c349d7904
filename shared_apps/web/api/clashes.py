"""What a breach of a unique constraint means to people. Apart from the renderer: apps register theirs while they load,
and a command that never answers a request should not have to load the API for it.
"""

from django.utils.functional import Promise

CLASHES: dict[str, tuple[str, str, str | Promise]] = {}  # constraint: field, code, message


def name_clash(constraint: str, *, field: str, code: str, message: str | Promise) -> None:
    """Say which field it is about, and with which code."""
    CLASHES[constraint] = (field, code, message)
