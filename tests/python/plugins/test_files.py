"""A file that cannot be read is an error of one sentence; the others are read."""

import json

import duckdb
import pytest

from segmentation_plugins.files import (
    MOST_BROKEN_LINES,
    UnreadableFileError,
    inspect_files,
    inspect_folder,
)

CONTRACT = {
    "transactions": {
        "customer_id": "string",
        "occurred_at": "timestamp",
        "net_amount": "decimal(18,2)",
    },
    "customer_attributes": {
        "customer_id": "string",
        "family": "string",
        "attribute": "string",
    },
    "products": {"product_id": "string"},
}
GOOD = "customer_id,occurred_at,net_amount\n1,2017-01-01,2\n"


@pytest.fixture
def error(tmp_path):
    def inspect(**contents: str | bytes) -> str:
        for name, content in contents.items():
            path = tmp_path / name.replace("__", ".")
            if isinstance(content, str):
                content = content.encode()
            path.write_bytes(content)
        with pytest.raises(UnreadableFileError) as raised:
            inspect_folder(tmp_path, CONTRACT)
        message = str(raised.value)
        # One sentence; full stops inside it belong to file names only.
        assert message.endswith(".")
        assert "\n" not in message
        return message

    return inspect


def test_no_folder(tmp_path):
    with pytest.raises(
        UnreadableFileError, match="There is no folder .*; set files_path"
    ):
        inspect_folder(tmp_path / "missing", CONTRACT)


def test_nothing_to_start_from(error):
    message = error(products__csv="product_id\n1\n")
    assert "holds neither transactions nor customer_attributes" in message


def test_two_files_for_one_table(error):
    message = error(transactions__csv=GOOD, transactions__parquet=b"PAR1")
    assert "twice, as transactions.parquet and transactions.csv; remove one" in message


def test_empty_file(error):
    assert error(transactions__csv="").startswith("transactions.csv is empty")


def test_missing_required_column(error):
    message = error(transactions__csv="customer_id,occurred_at,amount\n1,2,3\n")
    assert message == (
        "transactions.csv has no column net_amount, which transactions needs; add or"
        " rename it (found: amount, customer_id, occurred_at)."
    )


def test_the_same_column_twice(error):
    message = error(transactions__csv="Customer_id,customer_ID,net_amount\n1,2,3\n")
    assert message == (
        "transactions.csv has the column customer_ID twice; remove or rename one."
    )


def test_a_column_without_a_name(error):
    assert "has a column without a name" in error(transactions__csv="a,,b\n1,2,3\n")


@pytest.mark.parametrize("line", [1, 3])
def test_not_utf8(error, line):
    lines = GOOD.splitlines()
    lines.append("José,2017-01-01,2")
    lines = [lines[-1], *lines[:-1]] if line == 1 else lines
    message = error(transactions__csv="\n".join(lines).encode("latin-1"))
    assert message == (
        f"transactions.csv is not UTF-8 (line {line}); save it as UTF-8."
    )


def test_no_parquet_at_all(error):
    message = error(transactions__parquet=b"not parquet, but long enough to try")
    assert message.startswith("transactions.parquet cannot be read as Parquet")


def test_a_type_that_cannot_be_cast(error, tmp_path):
    duckdb.sql(
        "select 1 as customer_id, date '2017-01-01' as occurred_at,"
        " {'euro': 1} as net_amount"
    ).write_parquet(str(tmp_path / "transactions.parquet"))
    message = error()
    assert message == (
        "net_amount in transactions.parquet is of type STRUCT(euro INTEGER), which"
        " cannot become decimal(18,2); change its type."
    )


def test_too_many_broken_lines(error):
    message = error(transactions__csv=GOOD + "1,2\n" * MOST_BROKEN_LINES)
    assert f"has {MOST_BROKEN_LINES} lines or more that do not fit" in message


def test_a_carriage_return_inside_a_line(error):
    message = error(transactions__csv=GOOD + "1,2017\r-01-01,2\n")
    assert message.startswith(
        "transactions.csv cannot be read as CSV; look for carriage"
    )


def test_parts_with_different_headers(error, tmp_path):
    folder = tmp_path / "transactions"
    folder.mkdir()
    (folder / "a.csv").write_text(GOOD)
    (folder / "b.csv").write_text("customer_id,net_amount,occurred_at\n1,2,3\n")
    assert error().startswith("b.csv has another header than a.csv")


WIDE = "id,age,plan,note\n1,30,a,x\n"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (None, "customers_wide.csv needs a file attributes.csv beside it"),
        ("name,kind\nid,identifier\n", "must have the columns column, family and kind"),
        ("id,,identifier\nsize,demographic,number\n", "names the column size, which"),
        ("id,,identifier\nage,demographic,integer\n", "gives age the kind 'integer'"),
        ("id,,identifier\nage,people,number\n", "gives age the family 'people'"),
        ("id,,identifier\nplan,,identifier\n", "names 2 columns of kind identifier"),
    ],
)
def test_a_wide_file_needs_its_description(error, attributes, message):
    contents = {"customers_wide__csv": WIDE}
    if attributes:
        header = "" if attributes.startswith("name") else "column,family,kind\n"
        contents["attributes__csv"] = header + attributes
    assert message in error(**contents)


def test_a_wide_file_is_read_by_its_description(tmp_path):
    (tmp_path / "customers_wide.csv").write_text(WIDE)
    (tmp_path / "attributes.csv").write_text(
        "column;family;kind\nID;;identifier\nage;demographic;number\n"
    )
    found = inspect_folder(tmp_path, CONTRACT)
    wide = found["tables"]["customers_wide"]
    assert [entry["column"] for entry in wide["attributes"]] == ["ID", "age"]
    assert set(wide["columns"]) == {"id", "age", "plan", "note"}
    assert found["ignored_files"] == []


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_lines_that_do_not_fit_come_along(tmp_path, delimiter):
    text = f"\ufeff{GOOD}1,2017-01-01\n1,2,3,4,5\n".replace(",", delimiter)
    (tmp_path / "transactions.csv").write_text(text)
    table = inspect_folder(tmp_path, CONTRACT)["tables"]["transactions"]
    assert [line.count(delimiter) for line in table["broken_lines"]] == [1, 4]
    assert set(table["columns"]) == set(CONTRACT["transactions"])
    rows = duckdb.sql(f"select columns(*) from {table['relation']}").fetchall()
    assert rows == [("1", "2017-01-01", "2")]


def test_sql_gets_json_and_sees_changes(tmp_path):
    contract = json.dumps(CONTRACT)
    (tmp_path / "transactions.csv").write_text("nonsense\n1\n")
    assert (
        "no column customer_id"
        in json.loads(inspect_files(tmp_path, contract))["error"]
    )
    (tmp_path / "transactions.csv").write_text(GOOD)
    (tmp_path / "readme.md").write_text("about")
    found = json.loads(inspect_files(tmp_path, contract))
    assert list(found["tables"]) == ["transactions"]
    assert found["ignored_files"] == ["readme.md"]
