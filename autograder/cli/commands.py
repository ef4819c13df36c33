"""The command ``gradus``: a group whose commands are imported only when they are named."""

import logging
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from autograder.cli.endings import exit_code

# Where each command is, in the order in which a course needs them.
COMMANDS = {
    "new": "bundles",
    "validate": "laws",
    "dist": "bundles",
    "gradescope": "bundles",
    "grade": "grades",
    "report": "reports",
    "parity": "laws",
    "curriculum": "facts",
    "doctor": "facts",
    "schema": "facts",
}


class LazyGroup(click.Group):
    """A group of the commands in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; return None if there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"autograder.cli.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of the course; by default this folder or the nearest one above with grading.yml.",
)
@click.option("--debug", is_flag=True, help="Show where the grader itself failed.")
@click.version_option(package_name="gradus")
@click.pass_context
def cli(context: click.Context, root: Path | None, *, debug: bool) -> None:
    """Gradus grades numerical code: one numpy reference in, notebooks, tests and scores out."""
    context.obj = root
    if debug:
        os.environ["GRADUS_DEBUG"] = "1"
        logging.basicConfig(level=logging.DEBUG)


def main() -> None:
    """Run ``gradus``; a deliberate error is one sentence, anything else a fault of the grader."""
    sys.exit(exit_code(lambda: cli(standalone_mode=False)))
