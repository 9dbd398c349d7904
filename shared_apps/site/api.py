"""Opening a firm from an app: /api/v1/auth/registration/ on the platform's own host."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.accounts.errors import TooManyAttempts
from shared_apps.organizations.domains import address_of
from shared_apps.site import services
from shared_apps.site.serializers import OpenedSerializer, OpeningSerializer
from shared_apps.web.access import Public

WAIT = 60  # seconds


class RegistrationView(APIView):
    permission = Public
    authentication_classes = ()

    @extend_schema(operation_id="registration", request=OpeningSerializer, responses={201: OpenedSerializer})
    def post(self, request: Request) -> Response:
        """A new person and their firm, ready for use: 201 with its address, where the owner signs in by the API.

        Sent again within ten minutes, it answers the same. Who has an account opens another firm on the pages.
        """
        form = OpeningSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if not ratelimit.consume(request._request, action="signup"):
            raise TooManyAttempts(_("Too many requests. Try again later."), retry_after=WAIT)
        done = services.sign_up(**form.validated_data, locale=get_language() or settings.LANGUAGE_CODE)
        if done.is_new:
            EmailAddress.objects.get(user=done.user, primary=True).send_confirmation(request._request, signup=True)
        organization = services.open_firm(done.organization, owner=done.user)
        url = address_of(organization)
        answer = {"organization": {"name": organization.name, "slug": organization.slug, "url": url}}
        return Response(answer, status=201, headers={"Location": f"{url}/api/v1/", "Cache-Control": "no-store"})
