"""Compile every SQL model for Spark, without a connection, and check what comes out.

Parsing alone proves little: sqlglot reads functions of DuckDB as if Spark had them. So
a function must be on a list below: known to exist on DuckDB and on Spark 3.5 with the
same meaning, or written for Spark only.

Usage: python scripts/check_dialects.py [CONNECTOR ...]
"""

import importlib.util
import os
import sys
import tempfile
import types
from pathlib import Path

import sqlglot
from dbt.adapters.spark import SparkAdapter
from dbt.adapters.spark.relation import SparkRelation
from dbt.cli.main import dbtRunner
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

PROJECT = Path(__file__).resolve().parent.parent
# What the short run compiles. The connector files asks DuckDB what is in its folder, so
# only DuckDB can compile it.
CONNECTORS = ("complete_journey", "sample_company")

FUNCTIONS = frozenset(
    """
    abs array_agg array_sort asin cast coalesce concat_ws cos count date_trunc
    dense_rank exp extract greatest lag lead least length ln lower max max_by md5 min
    min_by nullif
    percent_rank percentile_cont power radians replace round row_number sign sin
    split_part sqrt struct substr sum trim try_cast
    """.split()
)
# Written for Spark only, by macros/cross_db or by dbt's own date macros.
SPARK_FUNCTIONS = frozenset(
    """
    add_months aggregate array_join assert_true ceil collect_list concat conv date
    date_add dateadd datediff from_utc_timestamp floor months_between nvl2
    regexp_replace sha2 to_date to_json to_timestamp to_unix_timestamp to_utc_timestamp
    transform weekday zip_with
    """.split()
)
TYPES = frozenset({"decimal"})
# What may stand before a parenthesis without calling anything.
WORDS = frozenset(
    """
    all and as between by case distinct else exists filter from group in inner is join
    not on or over partition select then union using values when where within with
    """.split()
)


def find_problems(sql: str) -> list[str]:
    """Return what Spark 3.5 would not understand in a statement, in words."""
    tokens = sqlglot.tokenize(sql, read="spark")
    problems = [
        f"function {name} is not on the list"
        for name in sorted(
            {
                token.text.lower()
                for token, following in zip(tokens, tokens[1:], strict=False)
                if is_called(token, following)
            }
        )
        if name not in FUNCTIONS | SPARK_FUNCTIONS | TYPES | WORDS
    ]
    if any(token.token_type == TokenType.DCOLON for token in tokens):
        problems.append("casts with ::")
    try:
        tree = sqlglot.parse_one(sql, read="spark")
    except sqlglot.errors.ParseError as error:
        return [*problems, f"does not parse: {str(error).splitlines()[0]}"]
    if tree.find(exp.Qualify):
        problems.append("qualify is not in Spark 3.5")
    stars = tree.find_all(exp.Star)
    if any(star.args.get("except_") or star.args.get("except") for star in stars):
        problems.append("select * except is not in Spark 3.5")
    return problems


def is_called(token: Token, following: Token) -> bool:
    """Tell whether the token stands before an opening parenthesis as a word."""
    is_word = token.text.replace("_", "").isalnum() and not token.text[0].isdigit()
    return (
        following.token_type == TokenType.L_PAREN
        and is_word
        and token.token_type not in (TokenType.STRING, TokenType.NUMBER)
    )


def compile_for_spark(target_path: Path, connector: str) -> None:
    """Compile the project as on a second build, where every relation exists."""
    if "pyspark" not in sys.modules and importlib.util.find_spec("pyspark") is None:
        # The profile only looks whether it could be imported.
        sys.modules["pyspark"] = types.ModuleType("pyspark")
    # make hands on an empty one where nobody has built yet.
    os.environ["SEGMENTATION_SALT"] = "no hash is made here"
    SparkAdapter.get_relation = lambda self, database, schema, identifier: (
        SparkRelation.create(schema=schema, identifier=identifier, type="table")
    )
    result = dbtRunner().invoke(
        [
            *("compile", "--quiet", "--target", "spark"),
            *("--no-introspect", "--no-populate-cache", "--no-partial-parse"),
            *("--vars", f"connector: {connector}"),
            *("--target-path", str(target_path), "--project-dir", str(PROJECT)),
            *("--profiles-dir", str(PROJECT / "profiles")),
        ]
    )
    if not result.success:
        raise SystemExit(f"The project does not compile for Spark: {result.exception}")


def main() -> None:
    """Print each problem with its file; exit with 1 where there is any."""
    with tempfile.TemporaryDirectory() as folder:
        for connector in sys.argv[1:] or CONNECTORS:
            compile_for_spark(Path(folder) / connector, connector)
        compiled = sorted(Path(folder).rglob("compiled/**/*.sql"))
        found = [
            f"{path.relative_to(folder)}: {problem}"
            for path in compiled
            for problem in find_problems(path.read_text())
        ]
    print("\n".join(found))
    print(f"Dialects: {len(compiled)} files compiled for Spark, {len(found)} problems.")
    if found or not compiled:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
