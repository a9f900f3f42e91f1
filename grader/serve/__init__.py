"""The course in a browser: what comes in is kept, marked once, and shown.

```text
 browser ---> app (guard) ---> pages (who is signed in): course, exercise, report, staff
                                            |  a submission, kept before it is acknowledged
                                            v
                              inbox: waiting, running, done; in the gradebook's own database
                                            |  one at a time for each student
                                            v
                              marking ---> the workers of `grader.classroom` ---> gradebook
```
A server that is killed loses nothing: what it had not settled waits in the inbox for the next one, or for
another server on the same database.

=================  ===================================================================================
a server           `running` makes it of a folder, `app` has its paths, `server` what its pages share;
                   `courses` reads the folder, `demo` is a made-up class, `checks/` what is looked at before
                   a term
a request          `guard` who sends it and how much, `in_path` what it names, `crowd` how often and how
                   many at once; `database_access` reads and writes, `memory` what is given back,
                   `journal` a line in the log, `health` for those who watch
people             `people` who may come in, `server` refuses the others a page, `sign_in` by link or code,
                   `identity/` by an account elsewhere
what is typed      `controls` its form, `preview` and `number_preview` how it is read, `drafts` what was
                   saved, `paper` all that was answered, `sent_again` what was not taken
what is handed in  `admission` now or later, `inbox` kept and given out, `places` where it is, `marking`
                   marked and settled, `marking_thread` the workers that do, `regrading/` marked anew on
                   trial, `uploads/` new exercises
what is shown      `student/` and `staff/` a file a page, in `frame`
what is kept       `tables` of the gradebook's database, `moments` its times, `actions` what staff did
=================  ===================================================================================
"""
