"""Members and invitations. Their memberships are rows in public, so few of these change a schema."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Invitation, Membership
from shared_apps.tenancy import context
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

MEMBER = {"pk": key_of("team.Member")}


def invitation_id(world: World) -> UUID:
    return uuid5(world.organization.pk, "invitation")


def employed(*, active: bool) -> Callable[[World], None]:
    """The planted member is somebody: with an account, and a membership that is active or not."""

    def before(world: World) -> None:
        member = world["team.Member"]
        with context.public():
            user = User(pk=member.user_id, email=member.email, name=member.name)
            user.save(force_insert=True)
            Membership.objects.create(organization=world.organization, user=user, role="viewer", is_active=active)
        type(member).objects.filter(pk=member.pk).update(is_active=active)

    return before


def invited(world: World) -> None:
    with context.public():
        Invitation.objects.create(
            pk=invitation_id(world),
            organization=world.organization,
            email=f"new@{world.organization.slug}.example",
            token_hash=f"{world.organization.slug}-hash",
            expires_at=timezone.now() + timedelta(days=1),
        )


# 403: the service asks the membership itself, and the suite changes the role in the schema alone.
DONE = (302, 403)
INVITATION = Row(arguments={"pk": invitation_id}, before=invited, answers=DONE, changes=False)

ROWS: dict[str, Row] = {
    "POST /team/leaving/": Row(answers=(302, 409), changes=False),  # alice is the last owner
    "POST /team/members/<uuid:pk>/role/": Row(
        arguments=MEMBER, before=employed(active=True), body=lambda *_: {"role": "staff"}, answers=DONE
    ),
    "POST /team/members/<uuid:pk>/deactivation/": Row(arguments=MEMBER, before=employed(active=True), answers=DONE),
    "POST /team/members/<uuid:pk>/activation/": Row(arguments=MEMBER, before=employed(active=False), answers=DONE),
    "POST /team/members/<uuid:pk>/ownership/": Row(arguments=MEMBER, before=employed(active=True), answers=DONE),
    "POST /team/invitations/": Row(
        body=lambda world, _user: {"email": f"other@{world.organization.slug}.example", "role": "staff"},
        answers=DONE,
        changes=False,
    ),
    "POST /team/invitations/<uuid:pk>/resending/": INVITATION,
    "POST /team/invitations/<uuid:pk>/revocation/": INVITATION,
}
