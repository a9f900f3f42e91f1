"""Exports questions to tests of other platforms; says of each other question why it is not exported."""
