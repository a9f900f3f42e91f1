"""No record, however extreme, stops a command or changes what another student gets."""

from __future__ import annotations

from benchmarks.fuzz_judges import seeds
from benchmarks.fuzz_records import fuzz

COUNT = 300


def test_no_record_stops_what_is_made_of_a_class() -> None:
    figures = fuzz(COUNT, seed=5, prepared=seeds(examples=1))
    assert figures.findings == []
    # Records that are all refused at the door would show nothing.
    assert figures.verdicts["partial"] > COUNT / 20
    assert figures.verdicts["incorrect"] > COUNT / 40
