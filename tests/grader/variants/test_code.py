import hashlib
import hmac
import itertools

import pytest

from grader.gradebook.write_records import plain
from grader.variants.code import ALPHABET, SAMPLE, code_of, read_code

SECRET = b"a long random text"
CODE = code_of("ada", "paper", SECRET)


def test_a_code_is_the_last_75_bits_of_hmac_sha256_and_a_check_letter():
    # RFC 2104 and FIPS 180-4 by the standard library; the letters by plain division.
    digest = hmac.new(SECRET, b"variant/5:paper/3:ada/", hashlib.sha256).hexdigest()
    number, letters = int(digest, 16), ""
    for _ in range(15):
        number, rest = divmod(number, 32)
        letters += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[rest]
    assert CODE.replace("-", "")[:15] == letters


@pytest.mark.parametrize(
    "other",
    [
        code_of("bob", "paper", SECRET),
        code_of("ada", "paper2", SECRET),
        code_of("ada", "paper", b"another"),
        code_of("3:ada/", "paper", SECRET),
        code_of("", "paper/3:ada", SECRET),
    ],
)
def test_another_student_exercise_or_secret_has_another_code(other):
    assert other != CODE


def test_accents_written_in_two_ways_are_one_student():
    assert code_of("Zoe\u0308", "paper", SECRET) == code_of("Zo\u00eb", "paper", SECRET)


def test_a_name_that_is_no_text_has_the_code_of_how_the_gradebook_keeps_it():
    assert code_of("a\udcff", "paper", SECRET) == code_of(plain("a\udcff"), "paper", SECRET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        f"  {CODE.replace('-', ' ')}\n",
        CODE.replace("0", "O").replace("1", "l"),
        CODE.replace("V", "U").replace("A", "\u0410"),
        CODE.replace("-", "\u2013"),
    ],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert read_code(typed) == CODE


def test_every_single_mistyped_letter_is_found():
    letters = CODE.replace("-", "")
    for at, other in itertools.product(range(16), ALPHABET):
        if other != letters[at]:
            with pytest.raises(ValueError, match="mistyped"):
                read_code(letters[:at] + other + letters[at + 1 :])


def test_every_exchange_of_two_letters_is_found():
    letters = CODE.replace("-", "")
    for first, second in itertools.combinations(range(16), 2):
        if letters[first] != letters[second]:
            swapped = list(letters)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            with pytest.raises(ValueError, match="exchanged"):
                read_code("".join(swapped))


@pytest.mark.parametrize("typed", ["", "K7QP", "K7QP-3MZD-0000-000!", "0" * 17, "0" * 10**6, "gru"])
def test_what_is_no_code_is_refused_with_what_one_looks_like(typed):
    with pytest.raises(ValueError, match="16 letters and digits"):
        read_code(typed)


def test_the_sample_is_a_code():
    assert read_code(SAMPLE) == SAMPLE
