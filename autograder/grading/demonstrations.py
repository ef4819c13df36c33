"""Which cells of a notebook need not run: those that ask for nothing, unless something needs them.

A notebook shows as much as it asks: curves are plotted, networks trained, checks run. These cells
come from the instructor, and what they show is for the student's eyes. One that is as it was handed
out is left out, unless a cell that runs uses a name that it binds.
"""

from collections.abc import Sequence, Set

from autograder.fingerprint import cell_mark
from autograder.grading.names import bound, used
from autograder.model import CodeCell


def idle_cells(cells: Sequence[CodeCell], demonstrations: Set[str]) -> set[int]:
    """Return the positions of the cells that nothing needs.

    Parameters
    ----------
    cells : sequence of CodeCell
        The notebook.
    demonstrations : set of str
        Marks of the cells that ask for nothing: see `cell_mark`.
    """
    idle = {
        position for position, cell in enumerate(cells) if cell_mark(cell.source) in demonstrations
    }
    running = set(range(len(cells))) - idle
    while idle and running:
        wanted = frozenset().union(*(used(cells[position].source) for position in running))
        running = {position for position in idle if bound(cells[position].source) & wanted}
        idle -= running
    return idle
