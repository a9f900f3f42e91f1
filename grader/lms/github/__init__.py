"""GitHub Classroom: repositories are read, its test results are written."""
