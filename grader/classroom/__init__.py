"""A class: marked by worker processes into the gradebook, regraded, its statistics.

================  ====================================================================================
a class           `class_files` reads it, and `already_marked` says what need not be marked,
                  `whose` as which variant, `batch` marks and keeps it, `regrade` marks it again
tasks             `pending` sends what is `gathered` to one of the `machines`: a `pool` of
                  `led_worker`s, each of which runs `worker`, or Dask
in a worker       `task` from bytes to bytes, `exercise_marker` each question's answer once
                  (`question_inputs`); `memory` of both
by a person       `hand_marking`
about a class     `statistics`, `mistake_days`, `remarks`, `similarity` (`fingerprints`, `shingles`), `pages/`
================  ====================================================================================

Nothing is exported here: a worker process imports `task` and must not pay for SQLAlchemy.
"""
