"""`flask roster` as it is called: real processes without a database in reach, then the details."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from qcc.app import create_app
from qcc.experts.roster.template import roster_template
from tests.databases import settings
from tests.factories.workbooks import HOSTILE
from tests.unit.experts.rosters import HOST, people, person, roster_file

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
ON = ("--on", "2026-03-01")


def roster_process(
    folder: Path, *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as an administrator would, with a database that does not answer."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "roster", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": NOWHERE,
            "QCC_DATA_DIR": str(folder / "data"),
            **environment,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def saved(folder: Path, data: bytes) -> Path:
    file = folder / "roster.xlsx"
    file.write_bytes(data)
    return file


# --- for real ---


def test_a_template_is_written_and_names_nobody(tmp_path: Path) -> None:
    out = tmp_path / "名单.xlsx"
    assert roster_process(tmp_path, "template", out).returncode == 0
    assert out.read_bytes() == roster_template()
    done = roster_process(tmp_path, "check", out, "--host", HOST, *ON, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "A2" in done.stderr


def test_a_clean_roster_ends_with_zero(tmp_path: Path) -> None:
    file = saved(tmp_path, roster_file(people(20, from_host=3)))
    done = roster_process(tmp_path, "check", file, "--host", HOST, *ON, "--json")
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], "")


def test_findings_that_block_end_with_one_and_are_a_list(tmp_path: Path) -> None:
    rows = [
        *people(20, from_host=4),
        person(20, title="主治医师", health=None),
        person(21, title="护士"),
    ]
    file = saved(tmp_path, roster_file(rows))
    done = roster_process(
        tmp_path, "check", file, "--host", HOST, *ON, "--json",
        LC_ALL="C", PYTHONIOENCODING="latin-1",  # Chinese goes out whatever the terminal is
    )  # fmt: skip
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [(each["rule"], each["force"]) for each in found] == [
        ("panel.host_share", "principle"),
        ("expert.title", "mandatory"),
        ("expert.title", "mandatory"),
        ("expert.health", "mandatory"),
    ]
    keys = ["rule", "article", "force", "subject", "observed", "allowed", "message"]
    assert all(list(each) == keys for each in found)
    share, title = found[0], found[1]
    assert share["article"] == "第十二条（五）"
    assert share["observed"] == {"host": 4, "size": 22}
    assert share["allowed"] == {"percent": 15, "most": 3}
    assert re.search(r"[\u4e00-\u9fff]{2}", share["message"])
    assert {"4", "18.2", "22", "15", "3"} <= set(re.findall(r"[\d.]+\d|\d", share["message"]))
    assert (title["subject"], title["article"]) == (rows[20]["name"], "第十三条1")
    assert "主治医师" in title["message"]


def test_a_file_that_is_no_workbook_ends_with_two(tmp_path: Path) -> None:
    done = roster_process(tmp_path, "check", "wsgi.py", "--host", HOST, *ON, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


# --- the details, in this process ---


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> FlaskCliRunner:
    folder = tmp_path_factory.mktemp("data")
    return create_app(settings(NOWHERE, folder)).test_cli_runner()


def checked(runner: FlaskCliRunner, folder: Path, data: bytes, *options: str) -> Result:
    """Check a workbook for a term from 1 March 2026; the host is named unless the options do."""
    host = () if "--host" in options else ("--host", HOST)
    return runner.invoke(args=["roster", "check", str(saved(folder, data)), *host, *ON, *options])


def rules(done: Result) -> list[tuple[str, str]]:
    """Rule and subject of each finding in JSON."""
    return [(found["rule"], found["subject"]) for found in json.loads(done.stdout)]


def test_advisory_findings_alone_are_no_failure(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = [person(1), person(2, identity=None, birth_date="1966-03-02", sex="男")]
    done = checked(runner, tmp_path, roster_file(rows), "--json")
    assert done.exit_code == 0
    assert rules(done) == [("expert.age_within_term", rows[1]["name"])]


def test_findings_can_be_read_without_json(runner: FlaskCliRunner, tmp_path: Path) -> None:
    done = checked(runner, tmp_path, roster_file(people(6, from_host=1)))
    assert done.exit_code == 1
    assert "16.7" in done.stdout
    assert "第十二条（五）" in done.stdout
    done = checked(runner, tmp_path, roster_file(people(30, from_host=4)))
    assert done.exit_code == 0
    numbers, last = done.stdout.splitlines()[:-1], done.stdout.splitlines()[-1]
    assert [re.findall(r"\d+", line) for line in numbers] == [["30", "30"], ["4"] * 3, ["27"]]
    assert last
    done = checked(runner, tmp_path, roster_file(people(3)), "--rulebook", "demo-2010")
    assert done.exit_code == 0


def test_former_names_count_as_the_host_either_way(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = [person(0, employer=HOST), person(1, employer="旧名 医院"), *people(12)[2:]]
    data = roster_file(rows)
    alone = checked(runner, tmp_path, data, "--json")
    assert (alone.exit_code, rules(alone)) == (0, [])
    for option in ("--host", "--host-former"):
        done = checked(runner, tmp_path, data, "--json", "--host", HOST, option, "旧名医院")
        assert (done.exit_code, rules(done)) == (1, [("panel.host_share", "")])


def test_another_rulebook(runner: FlaskCliRunner, tmp_path: Path) -> None:
    data = roster_file(people(26))
    assert rules(checked(runner, tmp_path, data, "--json")) == []
    done = checked(runner, tmp_path, data, "--json", "--rulebook", "demo-2010")
    assert rules(done) == [("panel.size", "")]
    assert len(done.stderr.splitlines()) == 2  # repealed before that day; nobody of the host


def test_notes_go_to_the_error_channel(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = [person(1, employer=f"{HOST}东院"), person(2, title="正高")]
    done = checked(runner, tmp_path, roster_file(rows), "--json")
    assert (done.exit_code, rules(done)) == (0, [])
    notes = done.stderr.splitlines()
    assert len(notes) == 3
    assert "G3" in notes[0]
    assert f"{HOST}东院" in notes[2]


def test_wrong_cells_are_listed_on_the_error_channel(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    data = roster_file([person(1, name=None), person(2, sex="不详")])
    done = checked(runner, tmp_path, data, "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    head, *cells = done.stderr.splitlines()
    assert "2" in head
    assert [line[:2] for line in cells] == ["A2", "D3"]


HOSTILE_KINDS = (
    "nothing", "random", "other zip", "cut in half", "bomb", "overlapping bomb",
    "laughs in the sheet", "macros", "linked workbook", "password", "old format", "formula",
    "a million rows", "wide", "all sheets hidden",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_KINDS)
def test_hostile_files_are_refused_with_one_sentence(
    runner: FlaskCliRunner, name: str, tmp_path: Path
) -> None:
    done = checked(runner, tmp_path, HOSTILE[name][0](), "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "missing.xlsx", "--host", HOST, *ON),
        ("check", ".", "--host", HOST, *ON),
        ("check", "wsgi.py/roster.xlsx", "--host", HOST, *ON),
        ("check", "wsgi.py", "--host", HOST, "--on", "2026-02-30"),
        ("check", "wsgi.py", "--host", HOST, "--on", ""),
        ("check", "wsgi.py", "--host", HOST, *ON, "--rulebook", "none-1999"),
        ("check", "wsgi.py", "--host", " ", *ON),
        ("template", "no/such/folder/roster.xlsx"),
        ("template", "."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    runner: FlaskCliRunner, arguments: tuple[str, ...]
) -> None:
    done = runner.invoke(args=["roster", *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_filled_workbook_is_not_written_over(runner: FlaskCliRunner, tmp_path: Path) -> None:
    filled = roster_file(people(1))
    out = saved(tmp_path, filled)
    write: list[Any] = ["roster", "template", str(out)]
    assert runner.invoke(args=write).exit_code == 2
    assert out.read_bytes() == filled
    for again in (["--overwrite"], []):
        assert runner.invoke(args=[*write, *again]).exit_code == 0
        assert out.read_bytes() == roster_template()
    out.write_bytes(b"")
    assert runner.invoke(args=write).exit_code == 0
