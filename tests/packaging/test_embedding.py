"""What a notebook embeds stands alone: nothing of this package, and few libraries."""

import ast
import subprocess
import sys

import pytest

from autograder.packaging.embedding import EMBEDDED, embedded_modules

LIBRARIES = {"IPython", "jinja2", "markupsafe", "matplotlib", "numpy", "otter", EMBEDDED}
PROGRAM = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
assert not [name for name in sys.modules if name.partition(".")[0] == "autograder"]
"""


@pytest.mark.parametrize("path", embedded_modules())
def test_a_module_imports_nothing_that_a_student_may_lack(path):
    tree = ast.parse(embedded_modules()[path])
    names = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    ]
    roots = {name.partition(".")[0] for name in names}
    assert roots <= LIBRARIES | sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]


def test_the_modules_can_be_imported_without_this_package(tmp_path):
    (tmp_path / EMBEDDED).mkdir()
    for path, source in embedded_modules().items():
        (tmp_path / path).write_text(source)
    names = [path.removesuffix(".py").replace("/", ".") for path in embedded_modules()]
    subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path), *names], check=True, cwd=tmp_path)
