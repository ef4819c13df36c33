"""Results for people and for other programs, all made from the store.

===================  ==========================================================================
what is told         `feedback` is what a student may read of a result, `finals` the score that
                     counts after `lateness`, `times` when work was handed in, `students` by what
                     names people go; `files` are written in one step each
`exports`            files that other systems import, and the tables that stand beside them
`pages`              what people open: the report of a class, and a page for each student
about the course     `validity` of its checks, `curriculum` as a table
===================  ==========================================================================
"""
