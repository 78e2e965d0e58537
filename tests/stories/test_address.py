"""What an address names, and that its faults are told without its password."""

from __future__ import annotations

import pytest

from stories.address import REDIS, Address

MONGO = ("mongodb", "mongodb+srv")


@pytest.mark.parametrize(
    ("url", "members"),
    [
        ("redis://:p@h:6379/0", (("h", 6379),)),
        ("rediss://h", (("h", None),)),
        (
            "redis+sentinel://:p@a:26379,b,[::1]:3/kliping/1?sentinel_password=q",
            (("a", 26379), ("b", None), ("::1", 3)),
        ),
        ("unix:///run/valkey.sock", ()),
        ("mongodb://u:p%40@a:1,b:2/?replicaSet=rs0", (("a", 1), ("b", 2))),
    ],
)
def test_members(url: str, members: tuple[tuple[str, int | None], ...]):
    assert Address.of(url, (*REDIS, *MONGO)).members == members


def test_what_sentinels_watch():
    assert Address.of("redis+sentinel://a/kliping/3", REDIS).watched() == ("kliping", 3)
    assert Address.of("rediss+sentinel://a/my%20master", REDIS).watched() == ("my master", 0)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "begins otherwise"),
        ("localhost:6379", "begins otherwise"),
        ("mongodb://geheim@h", "begins otherwise"),
        ("redis://", "no host"),
        ("redis://:geheim@", "no host"),
        ("redis://:geheim@h:0", "a port 0"),
        ("redis://:geheim@h:nought", "a port"),
        ("redis://:gehe/im@h", "a port"),
        ("redis://:geheim@a,b", "names one server"),
        ("redis+sentinel://:geheim@a,b", "which servers"),
        ("redis+sentinel://:geheim@a,,b/kliping", "a host without a name"),
        ("redis+sentinel://:geheim@a,b/kliping/none", "a number"),
    ],
)
def test_what_is_no_address(url: str, why: str):
    with pytest.raises(ValueError, match=why) as told:
        Address.of(url, REDIS)
    assert "gehe" not in str(told.value)


def test_a_password_is_not_shown():
    shown = repr(Address.of("redis+sentinel://:geheim@a/kliping?sentinel_password=streng", REDIS))
    assert "geheim" not in shown
    assert "streng" not in shown
