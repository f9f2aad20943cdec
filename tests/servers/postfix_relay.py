"""Debian's Postfix on loopback, in folders of its own: it takes mails and hands them to a receiver of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAEMONS = Path("/usr/lib/postfix/sbin")
MAIN = """\
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = relais.asso.example
mydestination =
alias_maps =
local_recipient_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{receiver}
disable_dns_lookups = yes
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_tls_security_level = none
maillog_file = {place}/log/mail.log
maillog_file_prefixes = {place}
"""
# service type private unpriv chroot wakeup maxproc command: no chroot, which would need copies of system files.
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60  1 pickup
cleanup   unix  n - n -   0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n -   - trivial-rewrite
bounce    unix  - - n -   0 bounce
defer     unix  - - n -   0 bounce
trace     unix  - - n -   0 bounce
verify    unix  - - n -   1 verify
proxymap  unix  - - n -   - proxymap
smtp      unix  - - n -   - smtp
relay     unix  - - n -   - smtp
error     unix  - - n -   - error
retry     unix  - - n -   - error
discard   unix  - - n -   - discard
anvil     unix  - - n -   1 anvil
scache    unix  - - n -   1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


def installed() -> bool:
    """Postfix is there, and may be started: its queue belongs to an account that only root can become."""
    return bool(shutil.which("postfix")) and DAEMONS.is_dir() and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def relay(receiver: int) -> Iterator[int]:
    """The port of a Postfix that hands everything, its own returns included, to a receiver's port."""
    with tempfile.TemporaryDirectory(prefix="veille-postfix-") as folder:
        place, port = Path(folder), _free_port()
        place.chmod(0o755)
        for name in ("queue", "data", "log", "etc"):
            (place / name).mkdir()
        shutil.chown(place / "data", "postfix")
        (place / "etc" / "main.cf").write_text(MAIN.format(place=place, receiver=receiver))
        (place / "etc" / "master.cf").write_text(MASTER.format(port=port))
        _postfix(place, "start")
        try:
            _wait(port)
            yield port
        finally:
            _postfix(place, "stop")


def _postfix(place: Path, verb: str) -> None:
    ran = subprocess.run(["postfix", "-c", str(place / "etc"), verb], capture_output=True, text=True, check=False)
    log = place / "log" / "mail.log"
    assert ran.returncode == 0, ran.stderr + (log.read_text() if log.exists() else "")


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError("Postfix does not listen")
