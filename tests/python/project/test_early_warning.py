"""Early warning: the planted slide is found, and nothing else is."""

import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, norm
from scipy.stats import t as student

from scripts.sample_company.__main__ import write_folder
from scripts.sample_company.generate import make_company

from .conftest import PROJECT, SAMPLE_COMPANY, Warehouse, build_models, run_dbt

ANSWER_KEY = PROJECT / "tests/fixtures/sample_company"
SLIDE_MONTHS = {"2025-10", "2025-11"}
FALSE_DISCOVERY_RATE = 0.001
ALERTS = """
    select segmentation, segment_key, strftime(month_on, '%Y-%m') as month, reason
    from retention.early_warning_segments
    where is_alert
    order by segmentation, month_on, segment_key
"""


def sliding_segment(warehouse: Warehouse, folder: Path) -> str:
    """Key of the geographic segment that most of the sliding people are in."""
    people = pd.read_csv(folder / "people.csv", dtype=str)
    slide = pd.read_csv(folder / "slides.csv", dtype=str).iloc[0]
    members = people[people["geographic_segment"] == slide["segment"]]
    records = pd.read_csv(folder / "records.csv", dtype=str).merge(members)
    placed = warehouse.frame(
        "select customer_id, segment_key"
        " from scoring.scored_customer_segments as scored"
        " inner join intermediate.int_as_of_dates_resolved as dates"
        " on scored.as_of_date = dates.as_of_date and dates.is_current"
        " where segmentation = 'geographic'"
    )
    return records.merge(placed)["segment_key"].mode().item()


def geographic_alerts(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Month and segment of the alerts of the geographic segmentation, in order."""
    return [
        (month, segment)
        for segmentation, segment, month, _ in warehouse.query(ALERTS)
        if segmentation == "geographic"
    ]


def test_the_slide_alerts_within_two_months_and_nothing_before(sample_company):
    alerts = geographic_alerts(sample_company)
    slider = sliding_segment(sample_company, ANSWER_KEY)
    assert alerts[0][1] == slider
    assert alerts[0][0] in SLIDE_MONTHS
    assert {segment for _, segment in alerts} == {slider}


def test_the_reason_says_how_many_ordered(sample_company):
    slider = sliding_segment(sample_company, ANSWER_KEY)
    rows = sample_company.frame(
        "select * from retention.early_warning_segments"
        " where segmentation = 'geographic' and month_on = '2025-11-01'"
        f" and segment_key = '{slider}'"
    )
    row = rows.iloc[0]
    assert row["measure"] == "active_share"
    assert row["active_share"] < 0.7 * row["baseline_share"]
    assert row["change"] == pytest.approx(row["active_share"] - row["baseline_share"])
    assert row["reason"].startswith(
        f"{100 * row['active_share']:.0f} % ordered in November 2025, "
        f"{100 * row['baseline_share']:.0f} % was to be expected; everybody else rose"
    )


def test_shares_are_those_of_the_members(sample_company):
    """Counted anew from the tables of the input layer, for a month and a segment."""
    counted = sample_company.query(
        "with members as ("
        "     select customer_id from scoring.scored_customer_segments"
        "     where segmentation = 'value' and segment_key = 'hibernating'"
        "     and as_of_date = '2025-09-01'"
        " ), bought as ("
        "     select customer_id, bool_or(sale_order_count > 0) as is_active,"
        "         greatest(sum(net_amount), 0) as amount"
        "     from intermediate.int_customer_days_aggregated"
        "     where date_trunc('month', active_on) = '2025-09-01' group by customer_id"
        " ) select count(*), count(*) filter (is_active) / count(*),"
        "     round(coalesce(sum(amount), 0) / count(*), 2)::decimal(18, 2)"
        " from members left join bought using (customer_id)"
    )
    shown = sample_company.query(
        "select customer_count, active_share, spend_per_customer_amount"
        " from retention.early_warning_segments where segmentation = 'value'"
        " and segment_key = 'hibernating' and month_on = '2025-09-01'"
    )
    assert shown == counted
    assert shown[0][0] > 100


def surprises_of(differences: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    """The method over again, month by month, with the distributions of SciPy."""
    keys = ["segmentation", "segment_key", "measure"]
    frame = differences.merge(
        left_out.assign(is_left_out=True), on=[*keys, "month_on"], how="left"
    )
    frame["is_left_out"] = frame["is_left_out"].eq(True)
    frame["month"] = frame["month_on"].dt.month
    rows = []
    for _, series in frame.groupby(keys):
        for row in series.itertuples():
            base = series[(series["month"] < row.month - 1) & ~series["is_left_out"]]
            if len(base) and row.variance > 0:
                spread = row.variance + base["variance"].sum() / len(base) ** 2
                missed = (row.difference - base["difference"].mean()) / np.sqrt(spread)
                rows.append((row.Index, len(base), missed))
    columns = ["row", "months", "deviation"]
    frame = frame.join(
        pd.DataFrame(rows, columns=columns).set_index("row"), how="right"
    )
    found = []
    for (segmentation, measure, month), now in frame.groupby(
        ["segmentation", "measure", "month"]
    ):
        past = frame[
            (frame["segmentation"] == segmentation)
            & (frame["measure"] == measure)
            & (frame["month"] < month)
            & ~frame["is_left_out"]
        ]["deviation"]
        if past.empty:
            continue
        scale = np.sqrt(max((past**2).mean(), 1))
        tails = student(len(past)) if scale > 1 else norm()
        p_values = tails.sf(now["deviation"] / scale)
        found.append(now.assign(p_value=p_values)[now["months"] >= 4])
    found = pd.concat(found)
    found["adjusted"] = found.groupby(["segmentation", "month"])["p_value"].transform(
        lambda p_values: false_discovery_control(p_values)
    )
    return found[[*keys, "month_on", "p_value", "adjusted"]]


def test_p_values_are_those_of_scipy(sample_company):
    differences = sample_company.frame("from scoring.scored_warning_differences")
    left_out = sample_company.frame("from scoring.scored_left_out_months")
    shown = sample_company.frame("from scoring.scored_segment_surprises")
    merged = shown.merge(
        surprises_of(differences, left_out),
        on=["segmentation", "segment_key", "measure", "month_on"],
        suffixes=("", "_expected"),
    )
    assert len(merged) == len(shown) > 300
    # Wallace's normal for Student's t is good to a per cent or two, more in far tails.
    tails = merged["p_value_expected"].clip(lower=1e-9)
    assert np.allclose(
        np.log(merged["p_value"].clip(lower=1e-9)), np.log(tails), atol=0.1
    )
    assert np.allclose(merged["adjusted_p_value"], merged["adjusted"], atol=0.01)
    alerts = merged["adjusted"] <= FALSE_DISCOVERY_RATE
    assert (alerts == (merged["adjusted_p_value"] <= FALSE_DISCOVERY_RATE)).all()


def test_a_month_does_not_know_what_comes_after_it(sample_company, tmp_path):
    """Everything later is deleted or changed, and no earlier row is another."""
    shutil.copytree(sample_company.folder, tmp_path / "warehouse")
    cut = Warehouse(tmp_path / "warehouse")
    with duckdb.connect(str(cut.path)) as connection:
        connection.execute(
            "delete from intermediate.int_customer_days_aggregated"
            " where active_on >= '2025-10-01' and hash(customer_id) % 2 = 0"
        )
        connection.execute(
            "update intermediate.int_customer_days_aggregated"
            " set net_amount = 1000 where active_on >= '2025-10-01'"
        )
        connection.execute(
            "update scoring.scored_customer_segments set segment_key = 'outlier'"
            " where as_of_date > '2025-10-01' and hash(customer_id) % 3 = 0"
        )
    result = run_dbt(
        cut,
        *("run", "--select", "scored_segment_flows+"),
        settings=SAMPLE_COMPANY,
        salt="pepper",
    )
    assert result.success
    rows = "from retention.early_warning_segments where month_on {} '2025-10-01'"
    before = set(sample_company.query(rows.format("<")))
    assert len(before) > 300
    assert set(cut.query(rows.format("<"))) == before
    assert set(cut.query(rows.format(">="))) != set(
        sample_company.query(rows.format(">="))
    )


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Compile SQL with the project's macros and run it."""
    warehouse = Warehouse(tmp_path_factory.mktemp("macros"))

    def run(sql: str) -> list[tuple]:
        result = run_dbt(warehouse, "compile", "--inline", sql)
        assert result.success, result.exception
        with duckdb.connect() as connection:
            return connection.execute(
                result.result.results[0].node.compiled_code
            ).fetchall()

    return run


def test_normal_tail_is_that_of_scipy(ask):
    found = ask(
        "select step / 10.0, {{ normal_tail('(step / 10.0)') }}"
        " from range(-80, 301) as steps (step)"
    )
    values, tails = np.array(found, dtype=float).T
    assert np.allclose(tails, norm.sf(values), rtol=1e-6, atol=0)


def test_t_as_normal_keeps_tails(ask):
    """Student's t with 10 degrees of freedom: 4.144 leaves one in a thousand."""
    ((upper, lower, middle),) = ask(
        "select {{ t_as_normal('4.1437e0', '10') }},"
        " {{ t_as_normal('-4.1437e0', '10') }}, {{ t_as_normal('0e0', '10') }}"
    )
    assert norm.sf(upper) == pytest.approx(0.001, rel=0.03)
    assert lower == -upper
    assert middle == 0


@pytest.fixture(scope="module")
def build_company(copy_project, tmp_path_factory):
    """Build the early warning of another company; only its seeds are parsed anew."""
    project = copy_project()
    folder = tmp_path_factory.mktemp("companies")

    def run(seed: int, with_slide: bool) -> Warehouse:
        warehouse = Warehouse(folder)
        warehouse.path.unlink(missing_ok=True)
        company = make_company(seed, with_slide)
        write_folder(project / "seeds/sample_company", "sample_", company.tables)
        write_folder(folder / "key", "", company.answer_key)
        return build_models(
            warehouse,
            *("--select", "+early_warning_segments"),
            settings=SAMPLE_COMPANY,
            project=project,
            salt="pepper",
        )

    return run


@pytest.mark.long
def test_companies_without_a_slide_rarely_alert(build_company):
    alerts = {
        seed: build_company(seed, with_slide=False).query(ALERTS)
        for seed in range(101, 121)
    }
    alarmed = {seed: rows for seed, rows in alerts.items() if rows}
    assert len(alarmed) <= 1, alarmed


@pytest.mark.long
@pytest.mark.parametrize("seed", range(201, 206))
def test_the_slide_of_other_companies_alerts_within_two_months(seed, build_company):
    warehouse = build_company(seed, with_slide=True)
    slider = sliding_segment(warehouse, warehouse.folder / "key")
    alerts = geographic_alerts(warehouse)
    assert alerts[0][1] == slider
    assert alerts[0][0] in SLIDE_MONTHS
