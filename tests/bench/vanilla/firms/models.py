from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Firm(TenantMixin):
    name = models.CharField(max_length=120)


class Domain(DomainMixin):
    pass
