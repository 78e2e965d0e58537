"""Older stories in every layout that Tempo has had, beside the present ones of both editions.

A `Generation` says what kind of page it is, where its pages stand and what its desk used to put on them; `Stacks` are
the stories, as lazily computed as the present ones; `desk` lays one out, a module of replica/pages prints it, and
`truth` tells what a perfect reader makes of it.
"""
