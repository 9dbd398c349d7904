"""The cache in the process: bounded, short-lived, never fed with what was already withdrawn."""

from shared_apps.tenancy.routing.cache import MISSING, Cache


def test_an_entry_lives_as_long_as_it_was_told() -> None:
    cache: Cache[str, int] = Cache(limit=2)
    cache.put("a", 1, 60)
    cache.put("b", 2, -1)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, MISSING, MISSING)
    assert cache.has_seen("b")
    assert not cache.has_seen("c")


def test_the_oldest_leaves_when_it_is_full() -> None:
    cache: Cache[int, int] = Cache(limit=3)
    for number in (1, 2, 3, 1, 4):
        cache.put(number, number, 60)
    assert [number for number in range(5) if cache.get(number) is not MISSING] == [1, 3, 4]


def test_dropping_counts_generations() -> None:
    cache: Cache[str, int] = Cache(limit=3)
    cache.put("a", 1, 60)
    cache.put("b", 2, 60)
    cache.drop("a")
    cache.expire_where(lambda key, value: value == 2)
    assert (cache.get("a"), cache.get("b"), cache.generation) == (MISSING, MISSING, 2)


def test_spare_until_a_second_of_entries_was_put() -> None:
    cache: Cache[int, None] = Cache(limit=10)
    assert cache.spare(5)
    for number in range(5):
        cache.put(number, None, 60)
    assert not cache.spare(5)
    assert cache.spare(1_000_000)
