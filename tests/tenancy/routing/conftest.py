import pytest

from shared_apps.tenancy import routing


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    routing.clear()
