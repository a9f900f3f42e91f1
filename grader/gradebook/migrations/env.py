"""Run by Alembic: applies the migrations on the connection that `grader.gradebook.gradebook` hands over."""

from alembic import context

from grader.gradebook.tables import METADATA

connection = context.config.attributes["connection"]
# SQLite cannot change a column in place; batches copy the table there and are plain ALTERs elsewhere.
context.configure(
    connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
