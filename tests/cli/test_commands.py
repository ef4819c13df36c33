"""The group of commands: all are there, and none costs anything before it is named."""

import subprocess
import sys

import click
import pytest

from autograder.cli import cli
from autograder.cli.commands import COMMANDS
from tests.cli.runs import environment, gradus

HEAVY = ("numpy", "pydantic", "rich", "nbformat", "matplotlib", "sqlite3", "autograder.model")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_the_table_says(name):
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    assert command.name == name


def test_the_help_names_all_commands_in_the_order_of_their_use(tmp_path):
    lines = gradus(tmp_path, "--help").stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines if line[2] != " "] == list(COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments):
    script = (
        f"import sys; sys.argv[1:] = {arguments}\n"
        "from autograder.cli import main\n"
        "try:\n    main()\nfinally:\n    print('imported:', *sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    imported = done.stdout.rpartition("imported: ")[2].split()
    assert "autograder.cli.grades" in imported
    assert not {*HEAVY} & {*imported}
