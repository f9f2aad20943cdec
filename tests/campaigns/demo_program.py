"""The demonstration web, and the real program in process groups that can be killed whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from demo.web import DemoWeb


@dataclass
class Program:
    """`veille` over one folder's config.toml."""

    folder: Path

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "veille"]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        command = [*self.command, *arguments, "--config", str(self.folder / "config.toml")]
        return subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*self.command, *arguments, "--config", str(self.folder / "config.toml")]
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False
        )

    def kill_after(self, seconds: float, *arguments: str) -> bool:
        """Start a command and kill -9 its whole group; False when it had ended before."""
        child = self.start(*arguments)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return True
        return False


def program(web: DemoWeb, folder: Path, smtp_port: int = 25) -> Program:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(web.config(folder, smtp_port), encoding="utf-8")
    return Program(folder)


def copy_of(filled: Path, target: Path) -> None:
    """The archive of `filled` in a folder of its own."""
    target.mkdir(parents=True)
    for file in filled.glob("veille.db*"):
        shutil.copy(file, target)
