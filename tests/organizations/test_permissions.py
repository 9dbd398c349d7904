import pytest
from django.test import override_settings

URLS = override_settings(TENANT_URLCONF="tests.organizations.urls")


@pytest.fixture(autouse=True)
def _views():
    with URLS:
        yield


def test_smoke(api, alice, bob, acme, globex, carol, django_assert_num_queries):
    assert api(alice, acme).get("/by-method/").json() == {"role": "owner", "email": "alice@acme.example"}
    assert api(bob, acme).get("/by-method/").status_code == 200
    assert api(bob, acme).post("/by-method/").status_code == 403
    assert api(alice, acme).post("/by-method/").status_code == 201
    assert api(alice, acme).put("/by-method/").status_code == 405
    r = api(None, acme).get("/by-method/")
    assert (r.status_code, r["WWW-Authenticate"]) == (401, "Bearer"), r.content
    print(r.content)
    r = api(carol, acme).get("/by-method/")
    print(r.content)
    assert r.status_code == 401
    assert api(alice, acme).get("/nameless/").status_code == 403
    assert api(alice, acme).get("/guarded/").content == b"owner"
