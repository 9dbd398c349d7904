"""What sign-in takes and gives."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from shared_apps.organizations.models import Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission
from shared_apps.organizations.roster import Member


class LoginSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, style={"input_type": "password"})


class SignedInUserSerializer(serializers.Serializer):
    """A user as one organization knows them. `id` is the user's, the same in every organization."""

    id = serializers.UUIDField()
    member_id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=[(p.value, p.value) for p in Permission]))


class LoginResponseSerializer(serializers.Serializer):
    access = serializers.CharField(help_text=_("Send it as `Authorization: Bearer ...`. Good on this host only."))
    user = SignedInUserSerializer()


class RefreshResponseSerializer(serializers.Serializer):
    access = serializers.CharField()


def signed_in_user(member: Member) -> dict[str, Any]:
    """The shape of SignedInUserSerializer."""
    return {
        "id": member.user_id,
        "member_id": member.pk,
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "permissions": sorted(ROLE_PERMISSIONS.get(member.role, ())),
    }
