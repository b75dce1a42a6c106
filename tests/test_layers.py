"""The architecture, read from the imports: what may know what."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline

PACKAGE = Path(pipeline.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)
STAGES = ("find", "parse", "refine", "render", "store")
# A module may import those of a smaller number, and the modules of its own folder; those of a run are steps.
LAYERS = {
    "pipeline": 0,
    "pipeline.errors": 0,
    "pipeline.urls": 0,
    "pipeline.names": 0,
    "pipeline.paths": 0,
    "pipeline.model": 0,
    "pipeline.artefact": 1,
    "pipeline.report": 1,
    "pipeline.archive": 1,
    "pipeline.problems": 1,
    "pipeline.reread": 2,
    "pipeline.run.order": 1,
    "pipeline.schedules": 1,
    "pipeline.status": 2,
    "pipeline.run.cache": 2,
    **{f"pipeline.{stage}": 3 for stage in STAGES},
    "pipeline.config": 3,
    "pipeline.ledger": 3,
    "pipeline.restore": 4,
    "pipeline.published": 4,
    "pipeline.changes": 4,
    "pipeline.run.watch": 5,
    "pipeline.reading": 5,
    "pipeline.run.sources": 6,
    "pipeline.run.publication": 6,
    "pipeline.run.refined": 7,
    "pipeline.run.build": 8,
    "pipeline.run": 9,
    "pipeline.queries": 10,
    "pipeline.cli": 11,
    "pipeline.__main__": 12,
}
WRITERS = {"pipeline.store", "pipeline.run.cache"}
ONLY_IN = {
    "feedgen": "pipeline.render",
    "pybtex": "pipeline.render",
    "jinja2": "pipeline.render",
    "click": "pipeline.cli",
}


def imports_of(module: str) -> set[str]:
    """Return the full names of all modules that a module imports, at its top or inside functions."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found


def room_of(module: str) -> str:
    """Return the top-level module or folder that a module belongs to; each of a run stands by itself."""
    return module if module in LAYERS else ".".join(module.split(".")[:2])


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_only(module: str) -> None:
    own = room_of(module)
    for imported in imports_of(module):
        other = room_of(imported)
        if imported.split(".")[0] == "pipeline" and other != own:
            assert LAYERS[other] < LAYERS[own], f"{module} imports {imported}"


@pytest.mark.parametrize("module", MODULES)
def test_libraries_stay_in_their_room(module: str) -> None:
    for imported in imports_of(module):
        allowed = ONLY_IN.get(imported.split(".")[0])
        assert allowed is None or module.startswith(allowed), f"{module} imports {imported}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if room_of(m) not in {"pipeline.cli", "pipeline.__main__"}]
)
def test_clock_and_environment_are_read_by_the_command_line_alone(module: str) -> None:
    source = PACKAGE.parent.joinpath(*module.split("."))
    text = (source / "__init__.py" if source.is_dir() else source.with_suffix(".py")).read_text(
        encoding="utf-8"
    )
    for call in (".now(", ".today(", "time.time", "os.environ", "getenv", "Path.cwd", "os.getcwd"):
        assert call not in text, f"{module} calls {call}"


@pytest.mark.parametrize(
    "module", [m for m in MODULES if room_of(m) not in {"pipeline.store", "pipeline.run.cache"}]
)
def test_files_are_written_by_store_alone(module: str) -> None:
    source = PACKAGE.parent.joinpath(*module.split("."))
    text = (source / "__init__.py" if source.is_dir() else source.with_suffix(".py")).read_text(
        encoding="utf-8"
    )
    calls = ["write_bytes", "write_text", "os.replace", ".unlink(", "atom_file", "rss_file", "to_file"]
    for call in calls:
        assert call not in text, f"{module} calls {call}"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from pipeline.cli import main;"
        "CliRunner().invoke(main, ['--version']);"
        "print([name for name in sys.modules if name.startswith('pipeline.') and name != 'pipeline.cli'])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_run_imports_nothing_heavy() -> None:
    code = (
        "import sys; import pipeline.cli.run;"
        "heavy = {'feedgen', 'pybtex', 'jinja2', 'lxml', 'markdown_it', 'http.client', 'email',"
        " 'dateutil', 'pipeline.parse', 'pipeline.refine', 'pipeline.render'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("room", sorted(path.name for path in PACKAGE.glob("[!_]*")))
def test_every_room_is_described(room: str) -> None:
    described = (PACKAGE.parent / "docs" / "development.md").read_text(encoding="utf-8")
    assert f"`{room}`" in described or f"`{room}/`" in described
