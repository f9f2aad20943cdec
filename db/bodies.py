"""Raw bodies as gzip files named by their SHA-256: `raw/ab/abcd….gz`, written whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from core.errors import StoreError

LEVEL = 1
"""Level 6 takes four times as long to save a tenth of the room, and a run waits for it."""


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Bodies:
    """A folder of raw bodies; the same body is kept once, whoever sent it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, body: bytes) -> None:
        """Keep a body under its digest; raises StoreError when the disk refuses it."""
        target = self.path(name)
        partial = target.with_name(f"{name}.{os.getpid()}.partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(gzip.compress(body, LEVEL, mtime=0))
            partial.replace(target)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            reason = "le disque est plein" if full else f"écriture impossible ({error.strerror})"
            raise StoreError(f"Dossier {self._folder} : {reason}.") from error

    def read(self, name: str) -> bytes | None:
        """A body; None when its file is missing or damaged (a power cut may cost the last ones)."""
        try:
            packed = self.path(name).read_bytes()
            return gzip.decompress(packed) if packed else None  # no bytes at all would pass for an empty body
        except (OSError, EOFError, zlib.error):
            return None

    def holds(self, name: str) -> bool:
        return bool(name) and self.path(name).exists()

    def drop(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Where a body is, or would be."""
        return self._folder / name[:2] / f"{name}.gz"

    def folders(self) -> Iterator[dict[str, Path]]:
        """The files there are, folder by folder, by name; one left half written has a name that is no body's."""
        for folder in sorted(self._folder.glob("??")):
            yield {path.name.removesuffix(".gz"): path for path in folder.iterdir()}
