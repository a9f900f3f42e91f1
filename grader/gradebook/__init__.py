"""What is kept of a class: submissions, attempts, results, overrides; nothing is ever deleted.

Nothing is exported here: `records`, `policy` and `standing` are used where SQLAlchemy is not
installed or would only cost time, as in the worker processes; `gradebook.open_gradebook` needs the extra
`instructor`.
"""
