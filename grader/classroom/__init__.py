"""A class: marked by worker processes into the gradebook, regraded, its statistics.

Nothing is exported here: a worker process imports `task` and must not pay for SQLAlchemy.
"""
