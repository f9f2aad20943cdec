"""`python -m demo`: serve the small web until Ctrl-C and say where each site is."""

import argparse
import contextlib
import threading
from datetime import UTC, datetime

from demo.web import DemoWeb


def main() -> None:
    """Serve every site on its own loopback address."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Sert le petit web de démonstration.")
    parser.add_argument("--port", type=int, default=0, help="port commun à tous les sites (0 : un port libre)")
    options = parser.parse_args()
    with DemoWeb(datetime.now(UTC), options.port) as web:
        for site in web.sites:
            print(f"{site.base}/  {site.name} ({len(site.articles)} articles)")
        print("Ctrl-C pour arrêter.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
