"""A knob: command line, then connector, then default; nonsense stops the build."""

import pytest

from .conftest import Warehouse, run_dbt

SETTINGS = "+int_settings_resolved"


@pytest.fixture
def resolve(some_households, tmp_path):
    def run(**settings):
        warehouse = Warehouse(tmp_path)
        result = run_dbt(
            warehouse,
            *("run", "--select", SETTINGS),
            source=some_households,
            settings=settings,
        )
        assert result.success
        return dict(warehouse.query("select * from intermediate.int_settings_resolved"))

    return run


def test_command_line_then_connector_then_default(resolve):
    settings = resolve(evening_starts_at_hour=20)
    assert settings["evening_starts_at_hour"] == "20"
    assert settings["business_timezone"] == "America/New_York"
    assert settings["rfm_window_days"] == "365"
    assert settings["as_of_date"] == "2018-01-01"


def test_null_is_a_value(resolve):
    assert resolve(rfm_window_days=None)["rfm_window_days"] is None


def test_the_command_line_beats_the_connector(resolve):
    assert resolve(business_timezone="UTC")["business_timezone"] == "UTC"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"as_of_dat": "2018-01-01"}, "There is no setting 'as_of_dat'."),
        ({"as_of_date": "01.02.2018"}, "must be a date like 2018-01-01"),
        ({"basket_level": "brand"}, "must be department or category or product_type"),
        ({"sales_capacity_per_week": 0}, "must be a whole number of at least 1"),
        ({"published_generations": 0}, "must be a whole number of at least 1"),
        ({"connector": "sap"}, "There is no connector 'sap'."),
        ({"ledger_conversion": "day"}, "must be line or month, not 'day'."),
        ({"acquisition_channels": "ads"}, "must be a list like [paid_social]"),
        ({"offer_level": "brand"}, "'offer_level' must be product_type or product"),
        (
            {"offer_backtest_days": 55},
            "(55) must not be below 'offer_horizon_days' (56)",
        ),
        ({"offers_per_customer": 11}, "must be from 1 to 10, not 11"),
    ],
)
def test_nonsense_stops_before_any_model(tmp_path, capsys, settings, message):
    warehouse = Warehouse(tmp_path)
    result = run_dbt(warehouse, "run", "--select", SETTINGS, settings=settings)
    assert not result.success
    assert message in f"{result.exception}{capsys.readouterr().out}"
    assert not warehouse.path.exists() or not warehouse.query(
        "select * from information_schema.tables"
    )
