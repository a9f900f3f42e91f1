from __future__ import annotations

import pytest

from grader.reports import find_format, format_names


def test_terminal_and_json_are_there():
    assert {"terminal", "json"} <= set(format_names())


@pytest.mark.parametrize("name", format_names())
def test_format_is_called_as_its_file(name: str):
    found = find_format(name)
    assert name == found.FORMAT
    assert found.SUFFIX.startswith(".")


def test_no_two_formats_share_a_suffix():
    suffixes = [find_format(name).SUFFIX for name in format_names()]
    assert len(set(suffixes)) == len(suffixes)


def test_unlisted_name_is_never_imported():
    with pytest.raises(KeyError):
        find_format("os")
