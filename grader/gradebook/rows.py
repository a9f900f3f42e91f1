"""Which rows a query is about: of one student, of several or of an exercise; the last, and many in parts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import msgspec
from sqlalchemy import Connection, Select, Table, Text, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T")


Students: TypeAlias = str | Collection[str] | None
"""One student, several, or everybody."""


def of_student(found: Select[Any], table: Table, exercise: str | None, student: Students) -> Select[Any]:
    """The rows of a table that are of one exercise, of one student or several, or of both."""
    if exercise is not None:
        found = found.where(table.c.exercise == exercise)
    if student is None:
        return found
    is_one = isinstance(student, str)
    return found.where(table.c.student == student if is_one else table.c.student.in_(_listed(student)))


def _listed(names: Collection[str]) -> Select[Any]:
    """Names as rows, sent as one text: to make a place for each takes longer than to look all of them up."""
    text = msgspec.json.encode(list(names)).decode()
    return select(ListedNames(literal(text, Text)).table_valued("value").c.value)


class ListedNames(FunctionElement[str]):
    """The names of a JSON list as rows of a column `value`, in the words of each database."""

    name = "listed_names"
    inherit_cache = True


@compiles(ListedNames)
def _on_sqlite(element: ListedNames, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(ListedNames, "postgresql")
def _on_postgresql(element: ListedNames, compiler: Any, **more: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **more)} AS JSON))"


AT_ONCE = 200
"""Results whose texts are asked for together: asking costs more than reading, and some texts are long."""


def in_parts(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same in parts that one query asks for."""
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]


def last_id(connection: Connection, table: Table) -> int:
    """The number of the last row of a table; 0 where it has none."""
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)
