"""The program that runs inside the sandbox: `zygote` forks, `child` runs one answer, `isolation/` holds it.

Started by path; `host` imports `caps` and `messages` only. Standard library and numpy only.
"""
