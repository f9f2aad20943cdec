"""The members of a zip archive, one after the other: memory holds the archive and one member, never the whole."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

from crawlers.found import Unreadable
from crawlers.limits import INFLATED_BYTES, MEMBER_BYTES

MOST_MEMBERS = 100_000
DIRECTORY_BYTES = 8 * 1024 * 1024
"""The list of an archive's members, which zipfile reads at once: some 80,000 of them."""
_END = struct.Struct("<4s4H2LH")  # end of central directory record (APPNOTE.TXT, section 4.3.16)


def members(body: bytes, suffix: str) -> Iterator[bytes]:
    """What each member whose name ends so holds, at most MEMBER_BYTES each and INFLATED_BYTES in all (threat A7).

    Raises Unreadable for a damaged, protected or too large archive.
    """
    if _directory_size(body) > DIRECTORY_BYTES:
        raise Unreadable("size", "l'archive contient trop de fichiers")
    left = INFLATED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in [name for name in archive.namelist() if name.lower().endswith(suffix)][:MOST_MEMBERS]:
                with archive.open(name) as stream:
                    document = stream.read(MEMBER_BYTES + 1)
                left -= len(document)
                if len(document) > MEMBER_BYTES:
                    raise Unreadable("size", f"un fichier de l'archive dépasse {MEMBER_BYTES // 1024 // 1024} Mio")
                if left < 0:
                    raise Unreadable("size", f"l'archive décompressée dépasse {INFLATED_BYTES // 1024 // 1024} Mio")
                yield document
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Unreadable("encoding", "l'archive zip est abîmée ou protégée") from error


def _directory_size(body: bytes) -> int:
    """Bytes that an archive says its list of members takes; 0 when it says nothing, for zipfile to name."""
    at = body.rfind(b"PK\x05\x06", max(0, len(body) - 65_557))
    return int(_END.unpack_from(body, at)[5]) if 0 <= at <= len(body) - _END.size else 0
