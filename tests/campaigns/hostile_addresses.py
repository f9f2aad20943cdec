"""Addresses that a crawl may not reach, in every way of writing them that we know (threats A1 to A4)."""

from __future__ import annotations

import random

METADATA = (
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "169.254.0.23",
    "[fd00:ec2::254]", "[fd20:ce::254]", "metadata.google.internal", "instance-data",
)  # fmt: skip
PRIVATE_V4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "127.0.0.1", "127.1.2.3", "127.255.255.254",
    "169.254.1.1", "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "192.168.255.254", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255",
)  # fmt: skip
ENCODED = (
    "2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "017700000001", "0177.0.0.1", "0177.1", "127.1",
    "127.0.1",
    "127.000.000.001", "127.0.0.1.", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "127%2E0%2E0%2E1",
    "%31%32%37.0.0.1",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "3232235521", "167772161",
    "00000000177.1", "0x0000007f.1", "4294967295", "127.0.0.1%00.exemple.fr", "127.0.0.1%09", "256.256.256.256",
    "0", "0x0", "127.0.0.01", "127.65535",
)  # fmt: skip
PRIVATE_V6 = (
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::ffff:10.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]", "[100::1]", "[2001::1]",
    "[2001:0:7f00:1::]", "[2001:10::1]", "[2001:20::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]",
    "[2002:a00:1::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd00::1]", "[fe80::1]", "[fe80::1%25lo]",
    "[fe80::1%lo]",
    "[fec0::1]", "[ff01::1]", "[ff02::1]", "[ff0e::1]", "[::1%25lo]",
)  # fmt: skip
NAMES = (
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "sub.localhost",
    "127.0.0.1.rebond.test", "prive.rebond.test", "mappe.rebond.test", "alias.rebond.test", "ｌｏｃａｌｈｏｓｔ",
    "localhost%2e", "lo.rebond.test", "xn--", "a..b", "-", "é.rebond.test",
)  # fmt: skip
PORTS = tuple(f"127.0.0.1:{port}" for port in (0, 22, 25, 80, 443, 631, 5432, 6379, 8765, 9200, 11211, 65535, 65536))
PUBLIC_PORTS = tuple(f"93.184.216.{n}:{port}" for n, port in enumerate((22, 25, 6379, 8080, 5432), 40))
AUTHORITIES = (
    "exemple.fr@127.0.0.1", "127.0.0.1#@exemple.fr", "exemple.fr:80@169.254.169.254", "127.0.0.1\\@exemple.fr",
    "exemple.fr%40127.0.0.1", "127.0.0.1:80@exemple.fr", "127.0.0.1?@exemple.fr", "[::1]:80@exemple.fr", "@127.0.0.1",
    ":@127.0.0.1", "exemple.fr%23@127.0.0.1", "127.0.0.1;@exemple.fr",
)  # fmt: skip
WHOLE = (
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stat",
    "http:/127.0.0.1/", "http:127.0.0.1", "//127.0.0.1/", "http:///127.0.0.1/", "http://\t127.0.0.1/",
    "HtTp://127.0.0.1/",
    "http://127.0.0.1\r\nHost: exemple.fr/", "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/",
    "http://[::1", "http://]/", "javascript:alert(1)", "data:text/html,x", "ldap://127.0.0.1/",
    "unix:/var/run/docker.sock",
    "http://127.0.0.1:80:80/",
)  # fmt: skip


def addresses(count: int, seed: int) -> list[str]:
    """So many of them, every family among them; all of them when `count` is large."""
    hosts = [*METADATA, *PRIVATE_V4, *ENCODED, *PRIVATE_V6, *NAMES, *PORTS, *PUBLIC_PORTS, *AUTHORITIES]
    everything = [*(f"http://{host}/" for host in hosts), *WHOLE]
    if count >= len(everything):
        return everything
    draw = random.Random(seed)
    families = [METADATA, PRIVATE_V4, ENCODED, PRIVATE_V6, NAMES, PORTS, PUBLIC_PORTS, AUTHORITIES]
    chosen = [f"http://{draw.choice(family)}/" for family in families]
    return chosen + draw.sample([url for url in everything if url not in chosen], count - len(chosen))
