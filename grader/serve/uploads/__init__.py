"""An exercise from the browser: `reading` takes data only and reads it apart, `placing` places it.

An exercise file is data: no code of it ever runs in the server. Example answers in files of their own may be
code, so they are left at home, where `rnngrade author lint` runs them in its sandbox. What is uploaded is
read in a process of its own, whose time and memory are bounded, before the server itself reads it; it becomes
one file, networks and pictures taken in, that waits until it is put in place or discarded.
"""
