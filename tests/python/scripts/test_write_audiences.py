"""Files of audiences: as the manifest says and after a build that passed, or none."""

import hashlib
import json
import sys
from pathlib import Path

import duckdb
import pytest

from scripts import write_audiences
from segmentation_serving.refusal import Refused

from ..publishing.small import BUILT, PASSED

HEADER = "email_hash,phone_hash,customer_id_hash\n"
CONTENTS = {
    "added": HEADER + '"a","b","c"\n"x",,"z"\n',
    "kept": HEADER,
    "removed": HEADER + ',"say ""hello""",\n',
}


def fill(path: Path, audience: str = "friends", **changed: str) -> Path:
    """Make a warehouse with one audience, some of its lines other than declared."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema monitoring; create schema scoring;
            create view main.last_invocation as select 'b' as invocation_id;
            create table monitoring.activation_exports (audience text, change_type text,
                file_path text, sha256 text, row_count bigint, as_of_date date);
            create table monitoring.audience_status as
                select 3 as members, 1 as holdout, 0 as without_key;
            create table scoring.scored_activation_rows
                (audience text, change_type text, line_text text, has_key boolean);
        """)
        for change_type, content in CONTENTS.items():
            connection.execute(
                "insert into monitoring.activation_exports values (?, ?, ?, ?, ?, ?)",
                [
                    *(audience, change_type, f"{audience}/{change_type}.csv"),
                    hashlib.sha256(content.encode()).hexdigest(),
                    *(content.count("\n") - 1, "2018-01-01"),
                ],
            )
            written = changed.get(change_type, content).removeprefix(HEADER)
            for line in reversed(written.splitlines()):
                connection.execute(
                    "insert into scoring.scored_activation_rows values (?, ?, ?, true)",
                    [audience, change_type, line],
                )
        connection.execute(
            "insert into scoring.scored_activation_rows values (?, ?, ',,', false)",
            [audience, "added"],
        )
    return path


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too, with its text."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_hold_what_the_manifest_says(tmp_path):
    written = write_audiences.write_audiences(fill(tmp_path / "w"), tmp_path / "out")
    assert written == tmp_path / "out/2018-01-01"
    found = files(tmp_path / "out")
    manifest = found.pop("2018-01-01/manifest.csv").splitlines()
    assert found == {
        f"2018-01-01/friends/{change_type}.csv": content
        for change_type, content in CONTENTS.items()
    }
    assert manifest[0] == "audience,change_type,file_path,row_count,sha256"
    assert manifest[1].startswith("friends,added,friends/added.csv,2,")
    assert len(manifest) == 4


def test_writing_again_leaves_nothing_of_before(tmp_path):
    out = tmp_path / "out"
    former = out / "2018-01-01/former"
    former.mkdir(parents=True)
    (former / "added.csv").write_text("old")
    warehouse = fill(tmp_path / "w")
    write_audiences.write_audiences(warehouse, out)
    once = files(out)
    assert len(once) == 4
    write_audiences.write_audiences(warehouse, out)
    assert files(out) == once


@pytest.mark.parametrize("changed", ['"a","b","c"\n', '"a","b","c"\n"x",,"y"\n'])
def test_other_lines_than_declared_are_not_written(tmp_path, changed):
    out = tmp_path / "out"
    write_audiences.write_audiences(fill(tmp_path / "w"), out)
    before = files(out)
    with pytest.raises(Refused, match="friends/added.csv would have"):
        write_audiences.write_audiences(fill(tmp_path / "v", added=changed), out)
    assert files(out) == before


@pytest.mark.parametrize("name", ["../friends", "my friends", "", "Friends"])
def test_a_name_that_is_no_folder_is_refused(tmp_path, name):
    with pytest.raises(Refused, match="cannot name a folder"):
        write_audiences.write_audiences(fill(tmp_path / "w", name), tmp_path / "out")
    assert files(tmp_path / "out") == {}


def test_nothing_there_is_one_sentence(tmp_path, monkeypatch, capsys):
    arguments = [str(tmp_path / "w"), str(tmp_path), str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["write_audiences", *arguments])
    with pytest.raises(SystemExit, match="No audience is written. .* is missing"):
        write_audiences.main()
    fill(tmp_path / "w")
    (tmp_path / "run_results.json").write_text(
        json.dumps(
            {"metadata": {"invocation_id": "b"}, "args": BUILT, "results": PASSED}
        )
    )
    write_audiences.main()
    assert "3 members of 1 audiences, of whom 1 are held out" in capsys.readouterr().out
    assert len(files(tmp_path / "out")) == 4
