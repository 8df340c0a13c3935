"""Restricted offers are written for their owner alone."""

import duckdb
import pytest

from scripts.write_care_plans import write_care_plans
from segmentation_serving.refusal import Refused


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema care")
        connection.execute(
            "create table care.care_plan_offers as select * from (values"
            " ('p2', 'new', 1, 'airways: app'), ('p1', 'new', 2, 'metabolic: app'),"
            " ('p1', 'new', 1, 'metabolic: group'))"
            " as offers (customer_id, purpose, offer_rank, product_type)"
        )
    return path


def test_the_file_is_its_owner_s_alone(warehouse, tmp_path):
    written = write_care_plans(warehouse, tmp_path / "care")

    assert written.read_text() == (
        "customer_id,purpose,offer_rank,product_type\n"
        "p1,new,1,metabolic: group\np1,new,2,metabolic: app\np2,new,1,airways: app\n"
    )
    assert written.stat().st_mode & 0o777 == 0o600
    assert written.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in written.parent.iterdir()] == [written.name]
    assert write_care_plans(warehouse, tmp_path / "care") == written


def test_an_open_folder_is_refused(warehouse, tmp_path):
    (tmp_path / "care").mkdir(mode=0o755)

    with pytest.raises(Refused, match="Others may open"):
        write_care_plans(warehouse, tmp_path / "care")
    assert list((tmp_path / "care").iterdir()) == []


def test_without_restricted_offers_there_is_no_file(warehouse, tmp_path):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from care.care_plan_offers")

    with pytest.raises(Refused, match="restricted_offer_types"):
        write_care_plans(warehouse, tmp_path / "care")
    assert not (tmp_path / "care").exists()
