"""Which addresses are of the internet, whatever the Python that is asked knows of them."""

from __future__ import annotations

import pytest

from raffles.outside.addresses import Reach, is_public, is_within


@pytest.mark.parametrize(
    "address",
    [
        *("64:ff9b:1::a00:1", "64:ff9b::a00:1", "::ffff:0:a00:1", "::ffff:0:10.0.0.1"),
        *("::10.0.0.1", "::a9fe:a9fe", "fec0::1", "feff::1", "fd00::1", "3fff::1", "5f00::1", "4000::1"),
        *("2002:a00:1::", "2001:0:a00:1::", "2001:db8::1", "::", "::1"),
    ],
)
def test_what_is_not_given_out_for_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert not is_within(address, Reach.INTERNET)


@pytest.mark.parametrize("address", ["2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888"])
def test_what_is_given_out_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_within_its_own_reach(address: str) -> None:
    assert is_within(address, Reach.THIS_MACHINE)
