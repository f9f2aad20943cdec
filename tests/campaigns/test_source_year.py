"""A year on a fake clock: every way to break is told in time, sound sources are left in peace, letters are rare.

A period is the time between two publications of a source, in days that count: those of holidays count half, and
weekends nothing where the source rests then.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from source_year import DAY, Outcome, Year, worlds

PERIODS = 4
FALSE_PER_WEEK = 0.01


def check(outcome: Outcome) -> None:
    assert outcome.missed == []
    late = {name: waited for name, waited in outcome.delays.items() if waited > PERIODS}
    assert late == {}
    assert len(outcome.false) <= FALSE_PER_WEEK * outcome.source_weeks, outcome.false
    assert all(later - earlier >= 6.9 * DAY for earlier, later in pairwise(outcome.letters))


@pytest.mark.long
def test_fourteen_breaks_in_seven_months_are_told_within_four_periods(tmp_path: Path) -> None:
    check(Year(tmp_path, worlds(seed=1, weeks=30, per_pace=5), weeks=30).run())


@pytest.mark.long
@pytest.mark.timeout(2_400)
def test_a_year_of_thirty_sources(tmp_path: Path) -> None:
    check(Year(tmp_path, worlds(seed=11, weeks=52), weeks=52).run())
