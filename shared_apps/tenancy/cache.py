"""Cache keys that belong to one organization."""

from shared_apps.tenancy import context


def make_key(key: str, prefix: str, version: int) -> str:
    """Put the active schema in front of the key. Raises NoSchemaChosen: a key without an owner would be shared."""
    return f"{prefix}:{context.active().schema}:{version}:{key}"


def reverse_key(key: str) -> str:
    return key.split(":", 3)[3]
