"""Exercises that are different for each student: which one a student has, and how it is made.

An exercise file declares in `[variants]` numbers, options and networks that are drawn, and everything else
in it names them as `{name}`. Which values a student gets follows from a variant code alone:

    code_of("s4711", "paper-1", secret)             # "K7QP-3MZD-..."; `read_code` reads what was typed
    specs.load_exercise(path, kinds, variant=code)  # the exercise as if that variant had been written
    specs.load_exercise(path, kinds)                # of an exercise that draws its sample: the code SAMPLE

`Exercise.variant` is the code that was asked for, empty where none was; `Exercise.values` are the drawn
values by name, empty where the file draws nothing. Text and digest of an exercise are those of the file, the
same for all variants. A variant that cannot be made, or a text that is no code, is a `SpecError`.

The steps, a file each: `code`, `declaration` (what may be written), `stream` (numbers out of a code),
`drawing` (one value), `arithmetic` and `functions` (computed names and requirements), `predicates` (what a
requirement may ask), `planning` (what is drawn together), `choosing` (draw again until all requirements
hold), `placeholders`, `printing` and `filling` (values in the places of their names). `shuffle` has the
order of options.
"""
