"""Raw bodies as gzip files named by their SHA-256: `raw/ab/abcd….gz`, written whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import zlib
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
        target = self._path(name)
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
            packed = self._path(name).read_bytes()
            return gzip.decompress(packed) if packed else None  # no bytes at all would pass for an empty body
        except (OSError, EOFError, zlib.error):
            return None

    def holds(self, name: str) -> bool:
        return bool(name) and self._path(name).exists()

    def drop(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.gz"
