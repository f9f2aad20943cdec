"""Which addresses may be connected to (threats A1, A4; findings 3 and 4)."""

from __future__ import annotations

import pytest

from crawlers.guard import refused


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd00:ec2::254",
        "fe80::1", "fe80::1%eth0", "ff02::1", "4000::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    reason = refused(address, 80)
    assert reason is not None
    assert "n'est pas publique" in reason


@pytest.mark.parametrize(
    "text", ["", "localhost", "0x7f.1", "2130706433", "127.1", "127.0.0.1.", "①②⑦.0.0.1", "exemple.fr", "0177.0.0.1"]
)
def test_what_is_no_literal_address_is_refused(text: str) -> None:
    assert "n'est pas une adresse IP" in str(refused(text, 80))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a01:e0a::1", "2001:41d0::1"])
@pytest.mark.parametrize("port", [80, 443])
def test_public_addresses_are_let_through_on_the_ports_of_the_web(address: str, port: int) -> None:
    assert refused(address, port) is None


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 8080, 65535])
def test_other_ports_of_public_addresses_are_refused(port: int) -> None:
    assert f"le port {port}" in str(refused("93.184.216.34", port))


def test_only_the_very_pairs_of_the_configuration_are_let_through() -> None:
    allowed = ("127.0.0.2:8800", "[::1]:8800")
    assert refused("127.0.0.2", 8800, allowed) is None
    assert refused("0:0:0:0:0:0:0:1", 8800, allowed) is None
    for address, port in (("127.0.0.2", 8801), ("127.0.0.3", 8800), ("127.0.0.2", 80), ("::ffff:127.0.0.2", 8800)):
        assert refused(address, port, allowed)
