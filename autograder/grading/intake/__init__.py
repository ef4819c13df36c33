"""Submissions as they arrive: found, told apart, chosen and read; nothing in them is trusted.

==============  ====================================================================
`find`          which submissions a folder or a zip holds
`places`        a folder, or a folder in a zip: what lies in it, without reading it
`downloads`     the layouts of Canvas, Moodle, Gradescope, GitHub and plain folders
`names`         what those systems write into names, and names that are safe to store
`submissions`   one submission: where it is and what is known of it
`choices`       which of the files that a student handed in counts
`files`         files on disk, never through a link
`archives`      zips, never unpacked to disk
`notebooks`     the code of a notebook, whatever wrote it
`scripts`       the code of a notebook that was saved as a script
`packages`      imports of what is not installed here, taken out
==============  ====================================================================
"""
