"""The calendar's pages: what their forms send."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from tenant_apps.scheduling.models import Contract
from tests.isolation.rows.base import Row, key_of
from tests.isolation.rows.scheduling import (
    APPOINTMENT,
    CONTRACT,
    OFF,
    OFFERING,
    VARIATION,
    at_ease,
    at_work,
    calm,
    cancelled,
    done,
    everybodys,
    paused,
    tomorrow,
    unused,
)
from tests.isolation.world import World

CLIENT = {"pk": key_of("clients.Client")}
MEMBER = {"pk": key_of("team.Member")}
NO_LINES = {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}
SENT = {"answers": (302,)}


def a_visit(world: World, _user: User) -> dict[str, Any]:
    when = {"day": tomorrow()[:10], "starts_at": "09:00", "minutes": 60, "overrule": 1}
    return {"client": world["clients.Client"].pk, **when, **NO_LINES}


def a_contract(world: World, _user: User) -> dict[str, Any]:
    rule = {"rhythm": "weekly", "every": 1, "weekdays": "0", "starts_on": tomorrow()[:10], "time": "09:00"}
    return {"client": world["clients.Client"].pk, **rule, "minutes": 60, "billing": "none", **NO_LINES}


def an_offering(*_given: Any) -> dict[str, Any]:
    return {"name": "Other", "minutes": 30, "price": "10", "colour": "#112233"}


def of_today(world: World) -> None:
    """The planted contract as it may be changed, and running."""
    calm(world)
    Contract.objects.filter(pk=world["scheduling.Contract"].pk).update(starts_on=tomorrow()[:10])


_ONE, _CONTRACT = "/appointments/<uuid:pk>/", "/contracts/<uuid:pk>/"
ROWS: dict[str, Row] = {
    "GET /appointments/": Row(query="?show=past"),
    "GET /appointments/new/": Row(),
    "POST /appointments/new/": Row(body=a_visit, **SENT),
    "GET /appointments/of/<uuid:pk>/": Row(arguments=CLIENT),
    f"GET {_ONE}": Row(arguments=APPOINTMENT),
    f"GET {_ONE}edit/": Row(arguments=APPOINTMENT, before=at_ease),
    f"POST {_ONE}edit/": Row(arguments=APPOINTMENT, before=at_ease, body=a_visit, **SENT),
    f"GET {_ONE}history/": Row(arguments=APPOINTMENT, shows=False),  # of the planted one nothing was told
    f"POST {_ONE}cancellation/": Row(arguments=APPOINTMENT, before=at_ease, body=lambda *_: {"reason": "rain"}, **SENT),
    f"POST {_ONE}restoration/": Row(arguments=APPOINTMENT, before=cancelled, **SENT),
    f"POST {_ONE}confirmation/": Row(arguments=APPOINTMENT, before=at_ease, **SENT),
    f"POST {_ONE}start/": Row(arguments=APPOINTMENT, before=everybodys, **SENT),
    f"POST {_ONE}completion/": Row(arguments=APPOINTMENT, before=everybodys, **SENT),
    f"POST {_ONE}no-show/": Row(arguments=APPOINTMENT, before=everybodys, **SENT),
    f"POST {_ONE}reopening/": Row(arguments=APPOINTMENT, before=done, **SENT),
    "GET /contracts/": Row(before=calm),
    "GET /contracts/new/": Row(),
    "POST /contracts/new/": Row(body=a_contract, **SENT),
    "GET /contracts/of/<uuid:pk>/": Row(arguments=CLIENT),
    f"GET {_CONTRACT}": Row(arguments=CONTRACT),
    f"GET {_CONTRACT}edit/": Row(arguments=CONTRACT),
    f"POST {_CONTRACT}edit/": Row(arguments=CONTRACT, before=of_today, body=a_contract, **SENT),
    f"GET {_CONTRACT}history/": Row(arguments=CONTRACT, shows=False),
    f"POST {_CONTRACT}variations/": Row(
        arguments=CONTRACT, before=calm, body=lambda *_: {"kind": "pause", "starts_on": tomorrow()[:10]}, **SENT
    ),
    f"POST {_CONTRACT}variations/<uuid:variation>/removal/": Row(arguments=VARIATION, before=calm, **SENT),
    f"POST {_CONTRACT}resumption/": Row(
        arguments=CONTRACT, before=paused, body=lambda *_: {"on": tomorrow()[:10]}, **SENT
    ),
    f"POST {_CONTRACT}removal/": Row(arguments=CONTRACT, before=calm, **SENT),
    "GET /offerings/new/": Row(shows=False),
    "POST /offerings/new/": Row(body=an_offering, **SENT),
    "GET /offerings/<uuid:pk>/": Row(arguments=OFFERING),
    "POST /offerings/<uuid:pk>/": Row(arguments=OFFERING, body=an_offering, **SENT),
    "POST /offerings/<uuid:pk>/removal/": Row(arguments=OFFERING, before=unused, **SENT),
    "GET /availability/": Row(shows=False),  # the planted member is not active, the planted day off is past
    "GET /availability/<uuid:pk>/": Row(arguments=MEMBER),
    "POST /availability/<uuid:pk>/": Row(
        arguments=MEMBER, before=at_work, body=lambda *_: {"starts_0_0": "09:00", "ends_0_0": "11:00"}, **SENT
    ),
    "POST /availability/days-off/": Row(body=lambda *_: {"starts_on": tomorrow()[:10]}, **SENT),
    "POST /availability/days-off/<uuid:pk>/removal/": Row(arguments=OFF, **SENT),
    "POST /availability/policy/": Row(body=lambda *_: {"country": "BR", "state": "RJ", "weeks_ahead": 9}, **SENT),
}
