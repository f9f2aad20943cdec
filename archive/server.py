"""The web server, so set that it trusts no proxy's header and logs no reader's query or token."""

from __future__ import annotations

import logging

import uvicorn
from starlette.types import ASGIApp


def server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """`server(app, "127.0.0.1", 8765).run()`; nothing listens before `run` or `serve` is called.

    Access logs stay off: addresses of readers, their searches and their unsubscribe tokens are nobody's business
    (threats C18, C21 and section 6.7).
    """
    # Without handlers it could still reach one that a logging set-up adds to every logger.
    logging.getLogger("uvicorn.access").disabled = True
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="off",
        limit_concurrency=200,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
