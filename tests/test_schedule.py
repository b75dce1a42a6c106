"""What ``schedule`` prints, read back; tests/clients gives it to the schedulers themselves."""

from __future__ import annotations

import plistlib
import shlex
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.schedules import SCHEDULERS, Scheduler

DOCS = Path(__file__).parent.parent / "docs"
CONFIG = '[site]\nbase_url = "https://example.org/"\nauthority = "example.org,2026"\n'
AWKWARD = '100% of it\'s "a b" \\n \\% $HOME ${x} ${{ y }} <&> <NAME> 한'


@pytest.fixture(params=["plain", AWKWARD], ids=["plain", "awkward"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a configured folder of digests, as the current one."""
    folder = tmp_path / str(request.param)
    (folder / "digests").mkdir(parents=True)
    (folder / "digest-pipeline.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("LOGNAME", "ada")
    return folder


def asked(*words: str) -> Result:
    return CliRunner().invoke(main, ["schedule", *words])


def printed(*words: str) -> str:
    result = asked(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def command(home: Path) -> list[str]:
    """Return the words that are to be run."""
    config, ledger = ("--config", f"{home}/digest-pipeline.toml"), ("--ledger", f"{home}/digests/ledger.toml")
    bounds = ("--wait", "50", "--timeout", "3600")
    words = ("run", *config, *ledger, *bounds, f"{home}/digests", f"{home}/out")
    return [sys.executable, "-m", "pipeline", *words]


def without_percent(text: str) -> str:
    r"""Read a command as cron does: ``\%`` is ``%``; one alone would end the command."""
    assert text.count("%") == text.count(r"\%")
    return text.replace(r"\%", "%")


def test_cron_line_is_the_command_to_the_shell(home: Path) -> None:
    line = printed("cron")
    assert line.endswith("\n")
    assert line.count("\n") == 1
    shell = without_percent(line.split(maxsplit=5)[5])
    assert shlex.split(shell) == ["cd", str(home), "&&", *command(home)]


def test_plist_holds_the_command(home: Path) -> None:
    agent = plistlib.loads(printed("launchd").encode())
    assert agent["ProgramArguments"] == command(home)
    assert agent["WorkingDirectory"] == str(home)
    assert agent["StandardErrorPath"] == f"{home}/Library/Logs/digest-pipeline.log"


def test_service_holds_the_command(home: Path) -> None:
    unit = printed("systemd", "--file", "digest-pipeline.service")
    lines = dict(line.partition("=")[::2] for line in unit.splitlines() if "=" in line)
    start = lines["ExecStart"].removeprefix(":").replace("%%", "%").replace(r"\\", "\\")
    assert shlex.split(start) == [*command(home), "--state", "%S/digest-pipeline"]
    assert lines["WorkingDirectory"].replace("%%", "%") == f"{home}/"
    writable = lines["ReadWritePaths"].replace("%%", "%").replace(r"\\", "\\")
    assert shlex.split(writable) == [f"{home}/out", f"{home}/digests"]
    assert lines["User"] == "ada"


def test_workflow_names_the_folders_from_the_root_of_the_repository(home: Path) -> None:
    (home.parent / ".git").mkdir()
    workflow = yaml.safe_load(printed("github"))
    as_text = home.name.replace("${{", "${{ '${{' }}")  # what GitHub makes `${{` of
    assert workflow["env"] == {
        "REQUIREMENT": "digest-pipeline==0.1.0",
        "CONFIG": f"{as_text}/digest-pipeline.toml",
        "LEDGER": f"{as_text}/digests/ledger.toml",
        "DIGESTS": f"{as_text}/digests",
        "OUT": "out",
    }
    assert workflow["concurrency"]["cancel-in-progress"] is False


TIMES: dict[tuple[str, ...], tuple[str, str, dict[str, object]]] = {
    ("--every", "1"): ("* * * * *", "*-*-* *:00/1:00", {"StartInterval": 60}),
    ("--every", "15"): ("*/15 * * * *", "*-*-* *:00/15:00", {"StartInterval": 900}),
    (): ("7 * * * *", "*-*-* 00/1:07:00", {"StartInterval": 3600}),
    ("--every", "120"): ("7 */2 * * *", "*-*-* 00/2:07:00", {"StartInterval": 7200}),
    ("--every", "1440"): ("7 0 * * *", "*-*-* 00:07:00", {"StartInterval": 86400}),
    ("--at", "06:05"): ("5 6 * * *", "*-*-* 06:05:00", {"StartCalendarInterval": {"Hour": 6, "Minute": 5}}),
}


@pytest.mark.parametrize("home", ["plain"], indirect=True)
@pytest.mark.parametrize("words", TIMES, ids=" ".join)
@pytest.mark.usefixtures("home")
def test_times(words: tuple[str, ...]) -> None:
    fields, calendar, agent = TIMES[words]
    assert printed("cron", *words).startswith(f"{fields} cd ")
    assert f"\nOnCalendar={calendar}\n" in printed("systemd", *words, "--file", "digest-pipeline.timer")
    assert plistlib.loads(printed("launchd", *words).encode()).items() >= agent.items()
    if words != ("--every", "1"):
        schedule = yaml.safe_load(printed("github", *words))[True]["schedule"]  # YAML 1.1 takes `on` for true
        assert schedule == [{"cron": fields}]


@pytest.mark.parametrize("home", ["plain"], indirect=True)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("cron", "--every", "7"), "every 7 minutes: is not at the same times each day", id="odd"
        ),
        pytest.param(("cron", "--every", "90"), "every 90 minutes: is not at the same", id="hour-and-half"),
        pytest.param(("cron", "--every", "0"), "0 is not in the range", id="never"),
        pytest.param(("cron", "--every", "60", "--at", "06:00"), "--every goes without --at", id="both"),
        pytest.param(("cron", "--at", "25:00"), "does not match the format", id="no-time"),
        pytest.param(("github", "--every", "1"), "github: GitHub runs nothing more often", id="github-often"),
        pytest.param(("github", "/else/digests"), "lies outside the repository", id="github-outside"),
        pytest.param(("cron", "a\nb"), "holds control characters", id="line-end"),
        pytest.param(("cron", "x" * 900), "the command has more than 998 bytes", id="long"),
        pytest.param(("systemd", "--file", "x.socket"), "there are digest-pipeline.service", id="no-file"),
        pytest.param(("systemd", "--name", "a/b"), "a/b: is no name", id="no-name"),
        pytest.param(("at",), "is not one of 'cron', 'systemd', 'launchd', 'github'", id="unknown"),
    ],
)
def test_refuses_what_cannot_be_scheduled(home: Path, words: tuple[str, ...], said: str) -> None:
    (home / ".git").mkdir()
    result = asked(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("home", ["plain"], indirect=True)
def test_folders_and_files_that_are_named_become_absolute(home: Path) -> None:
    (home / "other.toml").write_text(CONFIG, encoding="utf-8")
    words = shlex.split(
        printed("cron", "in", "site", "--config", "other.toml", "--ledger", "kept/ledger.toml")
    )
    named = [f"{home}/other.toml", f"{home}/kept/ledger.toml", f"{home}/in", f"{home}/site"]
    assert [word for word in words if word.startswith(str(home)) and word != str(home)] == named


@pytest.mark.parametrize("home", ["plain"], indirect=True)
def test_the_installed_command_is_named_by_its_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "digest-pipeline").touch()
    monkeypatch.setattr(sys, "argv", ["./digest-pipeline", "schedule", "cron"])
    assert f" && {home}/digest-pipeline run --config " in printed("cron")


@pytest.mark.parametrize("home", ["plain"], indirect=True)
def test_only_a_hub_needs_the_network(home: Path) -> None:
    assert "PrivateNetwork=yes" in printed("systemd")
    (home / "digest-pipeline.toml").write_text(
        CONFIG + '[websub]\nhub = "https://hub.example.org/"\n', "utf-8"
    )
    unit = printed("systemd")
    assert "PrivateNetwork" not in unit
    assert "AF_INET6" in unit


@pytest.mark.parametrize("scheduler", SCHEDULERS, ids=lambda scheduler: scheduler.name)
def test_schedulers_are_described(scheduler: Scheduler) -> None:
    assert f"digest-pipeline schedule {scheduler.name}" in (DOCS / "schedules.md").read_text(encoding="utf-8")
