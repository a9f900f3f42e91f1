"""Marking many hand-ins: worker processes, resuming, regrading.

Nothing is exported here: a worker process imports `task` and must not pay for SQLAlchemy.
"""
