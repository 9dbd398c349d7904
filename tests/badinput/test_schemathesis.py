"""Requests made up from the API's own description: none crashes it, and every answer is one that it describes.

The seed is fixed and the number of examples small: a gate for every change, not a search.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from shared_apps.tenancy import context
from tests.badinput.test_sweep import description, identifier
from tests.cast import Cast
from tests.isolation.conftest import token_for
from tests.isolation.world import World

EXAMPLES = 7
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def described() -> Any:
    schema = schemathesis.openapi.from_dict(deepcopy(description()))
    schema.app = application
    schema.location = None
    return schema


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """As Django's own test client has it: the end of a request must not close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = {result.ok().label: result.ok() for result in described().get_all_operations()}


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("mode", GenerationMode)
def test_conforms(label: str, mode: GenerationMode, cast: Cast, world: World) -> None:
    operation = OPERATIONS[label]
    headers = {"Host": world.host, "Authorization": f"Bearer {token_for(cast.alice, cast.acme)}"}
    real = real_identifier(operation.path, world)

    @hypothesis_settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
    def attack(case: Any, is_real: bool) -> None:
        if is_real and real:
            case.path_parameters["id"] = real
        with transaction.atomic(), context.activate(None):
            case.call_and_validate(headers=headers, base_url=f"http://{world.host}", checks=CHECKS)
            with context.public():
                transaction.set_rollback(True)

    attack()


def real_identifier(path: str, world: World) -> str | None:
    return identifier(path, world) if "{id}" in path else None
