"""Write messages as `.eml` files, the default way until a relay is set."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from core.editions import Message, Receipt
from core.errors import SendError


class FolderChannel:
    """Keeps `core.mailing.Channel`: one file a message, `2026-W47-001-<hash>.eml`, no address in the name.

    The hash is the Message-ID's: the same message goes to the same file, another one never replaces it. Files are
    readable by their owner alone, since they hold addresses and personal links. Raises SendError on a full disk and
    the like.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Path] | None = None

    def pace(self, recipient: str = "") -> None:
        """Files need no pace."""

    def send(self, message: Message) -> Receipt:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return Receipt("sent", str(self._write(message)))
        except OSError as error:
            raise SendError(f"Impossible d'écrire dans le dossier des courriels : {error.strerror}.") from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, message: Message) -> Path:
        digest = hashlib.sha256(message.message_id.encode()).hexdigest()[:12]
        fresh = self._temporary(message.content)
        try:
            path = self._files().setdefault(digest, self._fresh_name(message.message_id, digest))
            os.replace(fresh, path)
            return path
        finally:
            fresh.unlink(missing_ok=True)

    def _temporary(self, content: bytes) -> Path:
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".part", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Path(file.name)

    def _fresh_name(self, message_id: str, digest: str) -> Path:
        """The number is for readers; the digest alone keeps two messages apart."""
        period = _period(message_id)
        number = 1 + sum(path.name.startswith(f"{period}-") for path in self._files().values())
        return self._folder / f"{period}-{number:03d}-{digest}.eml"

    def _files(self) -> dict[str, Path]:
        if self._known is None:
            self._known = {path.stem.rpartition("-")[2]: path for path in sorted(self._folder.glob("*.eml"))}
        return self._known


def _period(message_id: str) -> str:
    """`2026-W47` of `<weekly-2026-W47.hash@domain>`."""
    found = re.search(r"\d{4}-(?:W\d{2}|\d{2}(?:-\d{2})?)(?=\.)", message_id)
    return found[0] if found else "message"
