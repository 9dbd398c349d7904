from tests.clients.conftest import inside, no_organization_sees, outsider, owner, staff

__all__ = ["inside", "no_organization_sees", "outsider", "owner", "staff"]
