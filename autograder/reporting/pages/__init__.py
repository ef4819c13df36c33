"""Pages that people open: the report of a class, and the feedback of each student."""
