"""The command line: options in, messages and exit codes out; nothing else.

Here alone clock and environment are read. Standard output is data, standard error is for people;
both are silent when all is well. Each command is one file.
"""

from __future__ import annotations

import gc

import click

from pipeline import __version__
from pipeline.cli.bib import bib_command
from pipeline.cli.explain import explain_command
from pipeline.cli.feeds import feeds_command
from pipeline.cli.init import init_command
from pipeline.cli.ledger import ledger_command, rename_command
from pipeline.cli.lint import lint_command
from pipeline.cli.new import new_command
from pipeline.cli.run import run_command
from pipeline.cli.schedule import schedule_command
from pipeline.cli.serve import serve_command

COMMANDS: tuple[click.Command, ...] = (
    run_command,
    lint_command,
    explain_command,
    bib_command,
    ledger_command,
    rename_command,
    feeds_command,
    schedule_command,
    serve_command,
    new_command,
    init_command,
)


class DefaultsToRun(click.Group):
    """A group whose first word may be left out: ``digest-pipeline DIGESTS OUT`` runs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before arguments that begin with neither a command nor the group's options."""
        own = {name for parameter in self.params for name in parameter.opts} | {"--help"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultsToRun)
@click.version_option(__version__, prog_name="digest-pipeline", message="%(prog)s %(version)s")
def main() -> None:
    """Turn a folder of paper digests into feeds, bibliographies, JSON and pages.

    Without a command, run: build digests/ into out/.
    """
    # Many values, few cycles: looking for cycles at every 700 new ones costs a third of a large build.
    gc.set_threshold(100_000, 20, 20)


for command in COMMANDS:
    main.add_command(command)
