"""The crawl child of the tests: a job on stdin, a store pickled in the file named first, the report as the last line.

Further arguments are lies of the resolver: `name=127.0.0.1` answers with that address, `name=` does not know the name.
"""

from __future__ import annotations

import pickle
import socket
import sys
from pathlib import Path
from typing import Any

from fake_store import MemoryStore

from core.clock import FixedClock


def lie(answers: dict[str, str]) -> None:
    """Make the machine's resolver answer as a hostile one would; twisted takes its reference at import, after this."""
    honest = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if answers.get(name) == "":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return honest(answers.get(name, host), *args, **kwargs)

    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


def main() -> None:
    state = Path(sys.argv[1])
    lie(dict(pair.split("=") for pair in sys.argv[2:]))

    from crawlers.child import crawl
    from crawlers.job import Job, report_to_json

    store = pickle.loads(state.read_bytes()) if state.exists() else MemoryStore()
    store.next_round()
    sys.addaudithook(lambda event, args: store.connections.add(args[1][:2]) if event == "socket.connect" else None)
    job = Job.from_json(sys.stdin.readline())
    report = crawl(job, store, FixedClock(job.now), store.history)
    state.write_bytes(pickle.dumps(store))
    print(report_to_json(report))


if __name__ == "__main__":
    main()
