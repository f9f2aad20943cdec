"""The WARC file of a page, read back by the letter of the standard (ISO 28500:2017, sections 4 to 6)."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime

from archive.evidence import warc
from core.members import Capture

BODY = "<p>é</p>\r\n\r\nWARC/1.1\r\n".encode()
PAGE = Capture(
    "https://x.fr/a?b=é",
    200,
    (("Content-Type", "text/html"), ("Content-Encoding", "br"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
    BODY,
    datetime(2026, 11, 23, 7, 30, 5, 999, UTC),
)


def records(data: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Named fields and block of every record; each ends with two empty lines."""
    found = []
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.1"
        fields = dict(line.split(": ", 1) for line in lines)
        size = int(fields["Content-Length"])
        assert rest[size : size + 4] == b"\r\n\r\n"
        found.append((fields, rest[:size]))
        data = rest[size + 4 :]
    return found


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data).digest()).decode()


def test_the_file_says_what_it_is_then_holds_the_answer_of_the_site() -> None:
    about, answer = records(warc(PAGE))
    assert about[0]["WARC-Type"] == "warcinfo" and about[0]["Content-Type"] == "application/warc-fields"
    fields, block = answer
    assert fields["WARC-Type"] == "response" and fields["WARC-Date"] == "2026-11-23T07:30:05Z"
    assert fields["Content-Type"] == "application/http; msgtype=response"
    assert fields["WARC-Target-URI"] == "https://x.fr/a?b=%C3%A9"
    assert fields["WARC-Record-ID"] != about[0]["WARC-Record-ID"]
    assert fields["WARC-Record-ID"].startswith("<urn:uuid:")
    assert (fields["WARC-Block-Digest"], fields["WARC-Payload-Digest"]) == (sha1(block), sha1(BODY))
    head, _, body = block.partition(b"\r\n\r\n")
    assert body == BODY
    assert head.decode().split("\r\n") == [
        "HTTP/1.1 200 OK", "Content-Type: text/html", "X-Archive-Orig-Content-Encoding: br", "Set-Cookie: a=1",
        "Set-Cookie: b=2", f"Content-Length: {len(BODY)}",
    ]  # fmt: skip


def test_the_same_page_gives_the_same_file() -> None:
    assert warc(PAGE) == warc(replace(PAGE))


def test_no_header_or_address_adds_a_line_or_a_record() -> None:
    hostile = replace(
        PAGE,
        url="https://x.fr/\r\nWARC-Type: x",
        status=799,
        headers=(("X", "a\r\nSet-Cookie: c=3\r\n\r\nbody"), ("Bad name:", "x"), ("Y", "\ud800")),
    )
    _, (fields, block) = records(warc(hostile))
    assert fields["WARC-Type"] == "response"
    head = block.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head == [
        "HTTP/1.1 799 ", "X: a Set-Cookie: c=3 body", "Y: ?", f"Content-Length: {len(BODY)}",
    ]  # fmt: skip
