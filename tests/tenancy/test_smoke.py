from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.team.models import Member


def test_two_organizations_see_their_own_members(acme: Organization, globex: Organization) -> None:
    with context.enter(acme.schema_name):
        assert set(Member.objects.values_list("name", flat=True)) == {"Alice", "Bob"}
    with context.enter(globex.schema_name):
        assert set(Member.objects.values_list("name", flat=True)) == {"Carol"}
