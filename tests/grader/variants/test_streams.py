"""Numbers out of a code, worked out once more from the definition."""

from __future__ import annotations

import hashlib

from grader.variants.code import SAMPLE, Stream


def test_a_stream_is_sha256_of_code_name_attempt_and_counter():
    stream = Stream("0123-4567-89AB-CDEF", "a", 3)
    for counter in range(20):
        text = f"0123-4567-89AB-CDEF/a/3/{counter}"
        # Far from the end of 2^256 none is left out, and the rest is the number.
        assert stream.below(1000) == int(hashlib.sha256(text.encode()).hexdigest(), 16) % 1000


def test_numbers_of_a_stream_stay_as_they_were_once():
    stream = Stream(SAMPLE, "a")
    assert [stream.below(10) for _ in range(12)] == [0, 5, 7, 6, 9, 4, 0, 0, 0, 8, 1, 7]


def test_every_number_of_a_small_range_is_as_likely_as_any_other():
    stream, counts = Stream(SAMPLE, "a"), [0] * 7
    for _ in range(7000):
        counts[stream.below(7)] += 1
    # Five standard deviations of a count, sqrt(7000 * 1/7 * 6/7) = 29.3.
    assert all(abs(count - 1000) < 5 * 29.3 for count in counts)


def test_a_sample_has_nothing_twice_and_every_order_comes():
    seen = {tuple(Stream(SAMPLE, f"n{number}").sample(4, 3)) for number in range(600)}
    assert all(len(set(one)) == 3 and set(one) <= set(range(4)) for one in seen)
    assert len(seen) == 4 * 3 * 2
