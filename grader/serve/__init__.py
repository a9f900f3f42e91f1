"""The course in a browser: what comes in is kept, marked once, and shown.

```text
 browser ---> app (guard, sessions) ---> pages: course, exercise, report, staff
                                            |  a submission, kept before it is acknowledged
                                            v
                              inbox: waiting, running, done; in the gradebook's own database
                                            |  one at a time for each student
                                            v
                              marking ---> the workers of `grader.classroom` ---> gradebook
```
A server that is killed loses nothing: what it had not settled waits in the inbox for the next one, or for
another server on the same database.
"""
