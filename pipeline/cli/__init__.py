"""The command line: options in, messages and exit codes out; nothing else.

Here alone clock and environment are read. Standard output is data, standard error is for people;
both are silent when all is well. Each command is one file.
"""

from __future__ import annotations

import gc
from importlib import import_module

import click

from pipeline import __version__

# Each by its name and the module that holds it: what one command needs costs the others nothing.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("run", "run"),
    ("status", "status"),
    ("lint", "lint"),
    ("explain", "explain"),
    ("bib", "bib"),
    ("ledger", "ledger"),
    ("rename", "ledger"),
    ("feeds", "feeds"),
    ("schedule", "schedule"),
    ("serve", "serve"),
    ("new", "new"),
    ("init", "init"),
)


class DefaultsToRun(click.Group):
    """A group whose first word may be left out: ``digest-pipeline DIGESTS OUT`` runs.

    Its commands are imported when they are asked for.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, those that are used most first."""
        return [name for name, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Import a command; None for a word that is none."""
        module = dict(COMMANDS).get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(f"pipeline.cli.{module}"), f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before arguments that begin with neither a command nor the group's options."""
        own = {name for parameter in self.params for name in parameter.opts} | {"--help"}
        if not args or (args[0] not in self.list_commands(ctx) and args[0] not in own):
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
