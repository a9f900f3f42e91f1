"""What `[variants]` may hold: names to draw, names to compute, and what has to hold of them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec

from grader.errors import SpecError
from grader.model.share import closed_up

Number: TypeAlias = int | float | str
# "places" stands for the asked decimal places in messages of networks' mistakes.
RESERVED = frozenset({"places", "T"})
MOST_ENTRIES = 1000
FRACTION = re.compile(r"-?\d+(?:/0*[1-9]\d*)?|-?\d*\.\d+")


class OptionTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One option of which some are drawn for a choice.

    Args:
        id: As in the table `options` of a question.
        text: What it says.
        right: Whether it is right.
        why: Why it is wrong.
    """

    id: str
    text: str
    right: bool = False
    why: str = ""


class DrawTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One name, and where its value comes from: `between`, `one_of`, `some_of` or `options`.

    Args:
        between: The least and the largest number; both may come.
        step: How far numbers are apart; left out, 1, or what `places` says.
        places: Decimal places of the numbers.
        without: Numbers, or values of `one_of`, that may not come.
        shape: For a vector or a matrix of such numbers its sizes; a size may be a drawn or computed name.
        distinct: Whether no entry may come twice.
        one_of: One of these: numbers, texts, names of networks, lists, tables.
        some_of: A list of some of these, none twice, in an order that is drawn.
        options: Options of a choice. The value has the tables `options` and `why` and the list `right`.
        take: How many of `some_of` or `options`; left out, all.
        right: How many right ones are among the options; left out, all that are right.
    """

    between: tuple[Number, Number] | None = None
    step: Number | None = None
    places: int | None = None
    without: tuple[Any, ...] = ()
    shape: tuple[int | str, ...] = ()
    distinct: bool = False
    one_of: tuple[Any, ...] | None = None
    some_of: tuple[Any, ...] | None = None
    options: tuple[OptionTable, ...] | None = None
    take: int | str | None = None
    right: int | None = None


class VariantsTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[variants]`.

    Args:
        draw: What is drawn, by name.
        compute: What is computed from other names, such as "a*b + 1".
        require: What has to hold, such as "a != b"; all is drawn again until it does.
    """

    draw: dict[str, DrawTable]
    compute: dict[str, str] = {}
    require: tuple[str, ...] = ()


class VariantError(Exception):
    """Something in `[variants]`, or in a place that names a variant's value, is wrong.

    Args:
        key: Where, without the file.
        message: What was found and what was wanted.
        hint: What to do.
    """

    def __init__(self, key: str, message: str, hint: str | None = None) -> None:
        super().__init__(key, message, hint)
        self.key, self.message, self.hint = key, message, hint

    def of(self, file: str) -> SpecError:
        """The error of the whole file.

        Args:
            file: As its author knows it.
        """
        return SpecError(self.message, self.hint, f"{file}: {self.key}" if self.key else file)


SOURCES = ("between", "one_of", "some_of", "options")
WITH = {
    "between": ("step", "places", "without", "shape", "distinct"),
    "one_of": ("without", "shape", "distinct"),
    "some_of": ("take",),
    "options": ("take", "right"),
}


def require_sound(table: VariantsTable, taken: Collection[str]) -> None:
    """Check what can be checked before anything is drawn.

    Args:
        table: As declared.
        taken: Names that mean something else in a formula.

    Raises:
        VariantError: For the first thing that is wrong.
    """
    if not table.draw:
        raise VariantError(
            "variants.draw", "nothing is drawn", "declare at least one name, or leave [variants] out"
        )
    for place, name in _names(table):
        if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
            raise VariantError(place, f"{name!r} is no name: wanted letters, digits and _, a letter first")
        if name in RESERVED or name in taken:
            raise VariantError(place, f"{name!r} means something else here already", "choose another name")
    for name in table.compute:
        if name in table.draw:
            raise VariantError(
                f"variants.compute.{name}", f"{name!r} is drawn already", "choose another name"
            )
    for name, draw in table.draw.items():
        _require_sound_draw(draw, f"variants.draw.{name}")


def _names(table: VariantsTable) -> Iterator[tuple[str, str]]:
    yield from ((f"variants.draw.{name}", name) for name in table.draw)
    yield from ((f"variants.compute.{name}", name) for name in table.compute)


def _require_sound_draw(draw: DrawTable, key: str) -> None:
    given = [source for source in SOURCES if getattr(draw, source) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise VariantError(key, f"found {found}, wanted one of between, one_of, some_of and options")
    for other in sorted({name for names in WITH.values() for name in names} - set(WITH[given[0]])):
        if getattr(draw, other) not in (None, (), False):
            raise VariantError(f"{key}.{other}", f"does not go with {given[0]}", "leave it out")
    if given[0] == "between":
        _require_sound_range(draw, key)
    elif not getattr(draw, given[0]):
        raise VariantError(f"{key}.{given[0]}", "is empty: there is nothing to draw")
    if draw.options is not None:
        _require_sound_options(draw.options, draw.right, key)


def _require_sound_range(draw: DrawTable, key: str) -> None:
    assert draw.between is not None
    low, high = (number_of(one, f"{key}.between") for one in draw.between)
    if low > high:
        raise VariantError(f"{key}.between", f"goes from {low} to {high}: there is nothing to draw")
    if draw.step is not None and draw.places is not None:
        raise VariantError(f"{key}.step", "does not go with places: give one of them")
    if draw.places is not None and not 0 <= draw.places <= 12:
        raise VariantError(f"{key}.places", f"found {draw.places}, wanted 0 to 12")
    if step_of(draw, key) <= 0:
        raise VariantError(f"{key}.step", f"found {draw.step}, wanted a number above 0")
    for one in draw.without:
        number_of(one, f"{key}.without")


def _require_sound_options(options: tuple[OptionTable, ...], right: int | None, key: str) -> None:
    ids = [one.id for one in options]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise VariantError(f"{key}.options", f"the id {twice!r} is used twice")
    n_right = sum(one.right for one in options)
    if right is not None and not 0 <= right <= n_right:
        raise VariantError(f"{key}.right", f"found {right}, but {n_right} of the options are right")
    if explained_id := next((one.id for one in options if one.right and one.why), None):
        raise VariantError(
            f"{key}.options", f"{explained_id!r} is right and has a why; reasons are for wrong ones"
        )


def step_of(draw: DrawTable, key: str) -> Fraction:
    """How far the numbers of a range are apart."""
    if draw.step is not None:
        return number_of(draw.step, f"{key}.step")
    return Fraction(1, 10 ** (draw.places or 0))


def number_of(value: object, key: str) -> Fraction:
    """The exact number that was written.

    Raises:
        VariantError: If it is none.
    """
    found = fraction_of(value)
    if found is None:
        raise VariantError(key, f'found {value!r}, wanted a number such as 2, 0.5 or "1/3"')
    return found


def fraction_of(value: object) -> Fraction | None:
    """A number as written in TOML, also as text such as "1/2"; None of anything else."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = closed_up(str(value))
    if isinstance(value, float) and "e" in text and value - value == 0:
        return Fraction(text)
    return Fraction(text) if len(text) <= 100 and FRACTION.fullmatch(text) else None
