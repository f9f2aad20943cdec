"""One process at a time: a lock that the system releases when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from core.errors import AlreadyRunning, StoreError

# A POSIX lock is per process: within one, only this set keeps two threads apart.
_held: set[Path] = set()
_guard = Lock()


@contextmanager
def run_lock(data: Path, name: str) -> Iterator[None]:
    """Hold `data/<name>.lock` for the length of a block.

    A POSIX record lock, not flock: workers forked from the holder do not keep it when the holder is killed.
    Raises AlreadyRunning when another process, or another thread, holds it; StoreError when it cannot be written.
    """
    path = (data / f"{name}.lock").resolve()
    _claim(path, name)
    try:
        descriptor = _open(path)
        try:
            _take(descriptor, name)
            yield
        finally:
            os.close(descriptor)
    finally:
        with _guard:
            _held.discard(path)


def _claim(path: Path, name: str) -> None:
    with _guard:
        if path in _held:
            raise AlreadyRunning(_sentence(name, os.getpid()))
        _held.add(path)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"Le verrou {path} ne peut pas être créé ({error.strerror}).") from error


def _take(descriptor: int, name: str) -> None:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 20).decode("ascii", "ignore").strip()
        raise AlreadyRunning(_sentence(name, int(holder) if holder.isdigit() else None)) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def _sentence(name: str, process: int | None) -> str:
    number = f" (processus {process})" if process else ""
    return f"Une autre commande de veille est déjà en cours{number} : attendez qu'elle finisse, puis recommencez."
