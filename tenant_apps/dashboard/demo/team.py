"""Who goes out, and when they work."""

from __future__ import annotations

from datetime import time

from shared_apps.accounts.models import User
from shared_apps.core import bulk
from shared_apps.organizations import members
from shared_apps.organizations.models import Organization, Role
from shared_apps.tenancy import context
from tenant_apps.scheduling.models import WorkingHours
from tenant_apps.team.models import Member

PEOPLE = (
    ("carlos", "Carlos Menezes"), ("beatriz", "Beatriz Souza"), ("joao", "João Batista"), ("marina", "Marina Alves"),
    ("otavio", "Otávio Reis"), ("lucia", "Lúcia Farias"), ("davi", "Davi Pontes"), ("sonia", "Sônia Moraes"),
)  # fmt: skip
MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17, 30))


def gather(organization: Organization, count: int) -> list[Member]:
    """The firm's staff, and as many more as are missing. They have no password: nobody signs in as one of them."""
    found = list(Member.objects.filter(role=Role.STAFF, is_active=True).order_by("created_at", "pk")[:count])
    domain = Member.objects.filter(role=Role.OWNER).values_list("email", flat=True)[0].partition("@")[2]
    known = set(Member.objects.values_list("email", flat=True))
    for first, name in PEOPLE:
        email = f"{first}.{organization.slug}@{domain}"
        if len(found) >= count:
            break
        if email in known:
            continue
        with context.public():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email, None, name=name)
            members.add_member(organization, user, role=Role.STAFF)
        found.append(Member.objects.get(user_id=user.pk))
    return found


def set_hours(people: list[Member]) -> None:
    """Weekdays with an hour for lunch, and Saturday mornings."""
    if WorkingHours.objects.exists():
        return
    rows = [(weekday, part) for weekday in range(5) for part in (MORNING, AFTERNOON)] + [(5, MORNING)]
    bulk.insert(
        [
            WorkingHours(member=one, weekday=weekday, starts=part[0], ends=part[1])
            for one in people
            for weekday, part in rows
        ]
    )
