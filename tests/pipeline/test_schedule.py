"""The timer of the watch."""

from __future__ import annotations

from datetime import timedelta

from pipeline.schedule import Job, Timer


def test_a_stop_asked_before_the_start_is_obeyed() -> None:
    """SIGTERM may arrive between the moment it is listened to and the moment the timer runs."""
    asked: list[str] = []
    timer = Timer([Job("sources", lambda: asked.append("sources"), every=timedelta(hours=1))], "Europe/Paris")
    timer.stop()
    timer.run()
    assert asked == []
