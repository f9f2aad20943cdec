"""A real DNS server on loopback whose answers change, mix and point inward (threat A3)."""

from __future__ import annotations

import ipaddress
import socket
import struct
import threading
from collections import Counter

A, CNAME, AAAA = 1, 5, 28
PUBLIC, PUBLIC_V6 = "93.184.216.34", "2606:2800:220:1::1"
INWARD = ("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.100.100.200", "0.0.0.0", "127.0.9.9")
INWARD_V6 = ("::1", "::ffff:127.0.0.1", "fd00:ec2::254", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::", "::")
KINDS = 8


def answers(number: int, kind: int, asked: int) -> list[tuple[int, str]]:
    """The records of a rebinding name: (type, value); `asked` says how often the name was asked before."""
    inward, inward6 = INWARD[number % len(INWARD)], INWARD_V6[number % len(INWARD_V6)]
    table = {
        0: [(A, inward)],
        1: [(A, PUBLIC), (A, inward)],
        2: [(A, inward), (A, PUBLIC)],
        3: [(A, PUBLIC if asked % 2 == 0 else inward)],
        4: [(AAAA, inward6)],
        5: [(A, PUBLIC), (AAAA, inward6)],
        6: [(CNAME, "localhost"), (A, inward)],
        7: [(AAAA, PUBLIC_V6), (AAAA, inward6), (A, inward)],
    }
    return table[kind]


FIXED = {
    "prive.rebond.test": [(A, "10.0.0.1")],
    "mappe.rebond.test": [(AAAA, "::ffff:127.0.0.1")],
    "alias.rebond.test": [(CNAME, "localhost"), (A, "127.0.0.1")],
    "lo.rebond.test": [(A, "127.0.0.1"), (AAAA, "::1")],
    "127.0.0.1.rebond.test": [(A, "127.0.0.1")],
    "metadata.google.internal": [(A, "169.254.169.254")],
    "instance-data": [(A, "169.254.169.254")],
}


class Names:
    """Answers `r<number>.rebond.test` with records that rebind, and a few fixed names of `hostile_addresses`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 53) -> None:
        self.given = 0
        """Answers that held at least one record."""
        self._asked: Counter[tuple[str, int]] = Counter()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            query, sender = self._socket.recvfrom(2048)
            self._socket.sendto(self._reply(query), sender)

    def _reply(self, query: bytes) -> bytes:
        name, end = _name(query, 12)
        kind = struct.unpack("!H", query[end : end + 2])[0]
        records = [record for record in self._records(name.lower(), kind) if record[0] in (kind, CNAME)]
        self.given += bool(records)
        owner, body = name, b""
        for each, value in records:
            body += _record(owner, each, value)
            owner = value if each == CNAME else owner
        head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(records), 0, 0)
        return head + query[12 : end + 4] + body

    def _records(self, name: str, kind: int) -> list[tuple[int, str]]:
        label = name.split(".")[0]
        if name.endswith(".rebond.test") and label[:1] == "r" and label[1:].isdigit():
            number = int(label[1:])
            self._asked[name, kind] += 1
            return answers(number, number % KINDS, self._asked[name, kind] - 1)
        return FIXED.get(name, [])


def _name(message: bytes, at: int) -> tuple[str, int]:
    labels = []
    while length := message[at]:
        labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    return ".".join(labels), at + 1


def _written(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def _record(owner: str, kind: int, value: str) -> bytes:
    data = _written(value) if kind == CNAME else ipaddress.ip_address(value).packed
    return _written(owner) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data
