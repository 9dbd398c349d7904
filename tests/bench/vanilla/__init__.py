"""Plain django-tenants as its documentation sets it up, with the same tenant models: what is measured beside ours."""
