"""A small warehouse file: the columns of the marts' contracts, rows made up here."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[3]
MARTS = PROJECT / "models/marts"
AS_OF = date(2026, 1, 1)
# Characters that a careless page or picture would take for markup.
HIGH_NAME = "High spend & <many> visits, $5 to $6"
CONTRACTED = (
    "core.segments",
    "core.segment_profiles",
    "core.segment_migrations",
    "core.customer_segments",
    "core.customer_rfm",
    "monitoring.segmentation_status",
    "monitoring.segment_model_candidates",
    "monitoring.feature_selection",
)


def status(segmentation, status, reason, algorithm, version):
    return {
        "segmentation": segmentation,
        "status": status,
        "reason": reason,
        "algorithm": algorithm,
        "model_version": version,
    }


def segment(segmentation, key, name, count, revenue, is_special=False):
    return {
        "segmentation": segmentation,
        "segment_key": key,
        "segment_name": name,
        "currency_code": "EUR",
        "customer_count": count,
        "customer_share": count / 100,
        "net_revenue_amount": revenue,
        "net_revenue_share": revenue / 1000,
        "is_special": is_special,
    }


def difference(key, feature, mean, population, deviations, rank):
    return {
        "segmentation": "behavioural",
        "segment_key": key,
        "feature": feature,
        "segment_mean": mean,
        "population_mean": population,
        "standardised_difference": deviations,
        "difference_rank": rank,
    }


def move(segmentation, left, entered, count, month_on="2025-12-01"):
    return {
        "segmentation": segmentation,
        "from_segment_key": left,
        "to_segment_key": entered,
        "customer_count": count,
        "month_on": month_on,
    }


def candidate(algorithm, k, stability, reason, is_chosen=False):
    return {
        "segmentation": "behavioural",
        "algorithm": algorithm,
        "k": k,
        "stability": stability,
        "silhouette": None if stability is None else stability / 4,
        "reason": reason,
        "is_chosen": is_chosen,
    }


def learned_key(number):
    """60 customers with high spend, 39 with low spend, one outlier."""
    if number == 99:
        return "outlier"
    return "behavioural_1" if number < 60 else "behavioural_2"


def coordinates(number):
    """The first feature parts the segments, the second varies less within them."""
    side = 2.0 if number < 60 else -2.0
    return [side + 0.1 * (number % 7), 0.1 * (number % 11), 0.0]


ROWS = {
    "monitoring.segmentation_status": [
        status("value", "available", "Named by rules.", "rules", "aaa"),
        status("behavioural", "available", "2 segments.", "kmeans", "bbb"),
        status(
            "technographic",
            "not_available",
            "Its population holds 0 customers, at least 200 are required.",
            "learned",
            "ccc",
        ),
    ],
    "core.segments": [
        segment("behavioural", "behavioural_1", HIGH_NAME, 60, 750.0),
        segment("behavioural", "behavioural_2", "Low spend", 39, 240.5),
        segment("behavioural", "outlier", "Outliers", 1, 9.5, is_special=True),
        segment("value", "champions", "Champions", 40, 1234.5),
        segment("value", "new_customers", "New customers", 50, -3.25),
        segment("value", "no_purchase", "No purchase", 10, 0.0, is_special=True),
    ],
    "core.segment_profiles": [
        difference("behavioural_1", "monetary_amount", 20.0, 15.0, 1.5, 1),
        difference("behavioural_1", "discount_share", 0.05, 0.1, -0.5, 2),
        difference("behavioural_2", "monetary_amount", 7.0, 15.0, -2.3, 1),
        difference("outlier", "monetary_amount", 900.0, 15.0, 40.0, 1),
    ],
    "core.segment_migrations": [
        move("behavioural", "behavioural_1", "behavioural_1", 7, "2025-11-01"),
        move("behavioural", "behavioural_1", "behavioural_1", 55),
        move("behavioural", "behavioural_2", "behavioural_1", 4),
        move("behavioural", "behavioural_1", "behavioural_2", 1),
        move("behavioural", "behavioural_2", "behavioural_2", 36),
        move("behavioural", "outlier", "behavioural_2", 2),
        move("behavioural", "new", "behavioural_1", 1),
        move("behavioural", "outlier", "too_new", 1),
        move("value", "champions", "champions", 30),
        move("value", "new", "champions", 10),
        move("value", "new_customers", "new_customers", 50),
        move("value", "no_purchase", "no_purchase", 10),
    ],
    "monitoring.segment_model_candidates": [
        candidate("kmeans", 2, 0.95, "Chosen: the largest number.", is_chosen=True),
        candidate(
            "kmeans",
            3,
            0.85,
            "Not taken: the least stable segment recurs with 0.500, below 0.75.",
        ),
        candidate(
            "ward",
            2,
            0.4,
            "Not taken: half samples agree with 0.400, below 0.80; the least stable "
            "segment recurs with 0.300, below 0.75.",
        ),
        candidate(
            "hdbscan", 0, None, "Refused: it finds 0 segments, 2 to 4 are asked for."
        ),
    ],
    "monitoring.feature_selection": [
        {"segmentation": "behavioural", "feature": feature, "is_selected": is_selected}
        for feature, is_selected in (
            ("monetary_amount", True),
            ("frequency", True),
            ("constant", True),
            ("discount_share", False),
        )
    ],
    "core.customer_segments": [
        {
            "customer_id": f"c{number:02d}",
            "segmentation": "behavioural",
            "segment_key": learned_key(number),
        }
        for number in range(100)
    ],
    "core.customer_rfm": [
        {
            "customer_id": f"c{number:02d}",
            "rfm_segment": "champions" if number < 40 else "new_customers",
            "recency_score": 5,
            "frequency_score": 5 if number < 40 else 1 + number % 2,
        }
        for number in range(90)
    ],
}


def build_warehouse(path: Path) -> Path:
    """Make the tables with all columns of their contracts, and fill those in ROWS."""
    types = {
        model["name"]: {
            column["name"]: column["data_type"].replace("string", "varchar")
            for column in model["columns"]
        }
        for file in sorted(MARTS.rglob("_*models.yml"))
        for model in yaml.safe_load(file.read_text())["models"]
    }
    with duckdb.connect(str(path)) as connection:
        for schema in ("core", "monitoring", "scoring", "reference", "intermediate"):
            connection.execute(f"create schema {schema}")
        for table in CONTRACTED:
            columns = types[table.partition(".")[2]]
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table {table} ({listed})")
            for row in ROWS[table]:
                filled = row | {"as_of_date": AS_OF}
                names = ", ".join(f'"{name}"' for name in filled)
                marks = ", ".join("?" * len(filled))
                connection.execute(
                    f"insert into {table} ({names}) values ({marks})",
                    list(filled.values()),
                )
        _add_private_tables(connection)
    return path


def _add_private_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table scoring.scored_customer_vectors ("
        "as_of_date date, segmentation varchar, customer_id varchar, "
        "coordinates double[])"
    )
    connection.executemany(
        "insert into scoring.scored_customer_vectors values (?, 'behavioural', ?, ?)",
        [
            # What is measured as of an earlier date is not drawn.
            [moment, f"c{number:02d}", coordinates(number)]
            for moment in (AS_OF, date(2025, 12, 1))
            for number in range(100)
        ],
    )
    connection.execute(
        "create table reference.features as select 'monetary_amount' as feature, "
        "'amount' as unit"
    )
    connection.execute(
        "create table intermediate.int_features_described as "
        "select 'monetary_amount' as feature, 'number' as kind, "
        "'high spend' as phrase_high, 'low spend' as phrase_low"
    )


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Path:
    return build_warehouse(tmp_path_factory.mktemp("report") / "made_up.duckdb")
