"""The environment, as settings read it."""

from __future__ import annotations

from typing import Any

import environ


class Env(environ.Env):
    """Values as they are written. django-environ takes "$name" for the value of another variable, and what that lacks
    for unset: Asaas's keys begin with a "$", and so may any password."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        written = self.ENVIRON.get(var, "")
        if written.startswith("$"):
            return self.parse_value(written, cast)
        return super().get_value(var, cast, default, parse_default)


env = Env()
