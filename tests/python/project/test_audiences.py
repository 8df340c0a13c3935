"""Audiences: what is published follows the rule, and files what is published."""

import csv
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest
from scipy.stats import binomtest

from scripts.write_audiences import write_audiences
from segmentation.lift import holdout_bucket
from segmentation_serving.builds import check_build
from segmentation_serving.refusal import Refused

from .conftest import SAMPLE_COMPANY, Warehouse, build, build_models

# What hangs on consents, on who is known and on their segments, down to the manifest.
AUDIENCES = (
    *("int_customers_described", "int_contactable_customers_listed"),
    "scored_current_segments",
    *("int_contact_keys_listed", "int_audiences_declared+", "scored_customer_traits+"),
)
# As if the publication that is there had been made a week earlier.
WEEK_AGO = "update scoring.scored_published_audiences set as_of_date = as_of_date - 7"
CHANGES = """
    select audience, customer_id, change_type, reason
    from marketing.campaign_audiences
"""
KEYS = ("email_hash", "phone_hash", "customer_id_hash")


@pytest.fixture(scope="module")
def rebuild(tmp_path_factory) -> Callable[..., Warehouse]:
    """Copy a warehouse, change it by SQL and build the audiences again."""

    def run(warehouse: Warehouse, *changes: str, command=build_models) -> Warehouse:
        folder = tmp_path_factory.mktemp("audiences") / "warehouse"
        shutil.copytree(warehouse.folder, folder)
        copy = Warehouse(folder)
        with duckdb.connect(str(copy.path)) as connection:
            for change in changes:
                connection.execute(change)
        selected = ("--select", *AUDIENCES, "--indirect-selection", "cautious")
        return command(copy, *selected, settings=SAMPLE_COMPANY, salt="pepper")

    return run


def members(warehouse: Warehouse, *change_types: str) -> set[tuple[str, str]]:
    return {row[:2] for row in warehouse.query(CHANGES) if row[2] in change_types}


def some(
    warehouse: Warehouse, audience: str, count: int, is_holdout=False
) -> list[str]:
    """Customers of an audience who are in it alone and have an address, by key."""
    rows = warehouse.query(f"""
        select customer_id from marketing.campaign_audiences
        group by customer_id
        having count(*) = 1 and min(audience) = '{audience}'
            and min(change_type) <> 'removed'
            and bool_or(is_holdout) = {is_holdout} and count(email_hash) = 1
        order by customer_id limit {count}
    """)
    assert len(rows) == count
    return [customer for (customer,) in rows]


def texts(customers: Iterable[str]) -> str:
    return ", ".join(f"'{customer}'" for customer in customers)


def refusal(customers: Iterable[str]) -> str:
    """SQL by which every record of the customers refuses marketing."""
    return f"""
        update input_checked.checked_customers set marketing_consent = false
        where customer_id in ({texts(customers)}) or customer_id in (
            select source_customer_id from intermediate.int_customers_identified
            where customer_id in ({texts(customers)})
        )
    """


def keys(warehouse: Warehouse, customers: Iterable[str]) -> set[str]:
    rows = warehouse.query(f"""
        select {", ".join(KEYS)} from scoring.scored_published_audiences
        where customer_id in ({texts(customers)})
    """)
    return {key for row in rows for key in row if key}


def written(folder: Path, audience: str, change_type: str) -> list[dict[str, str]]:
    with (folder / audience / f"{change_type}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def written_keys(folder: Path, audience: str, *change_types: str) -> set[str]:
    return {
        value
        for change_type in change_types
        for row in written(folder, audience, change_type)
        for value in row.values()
        if value
    }


@pytest.fixture(scope="module")
def gone(sample_company) -> dict[str, list[str]]:
    """Members of the look-alike source by what becomes of them in a week."""
    people = iter(some(sample_company, "lookalike_source", 7))
    return {
        "consent withdrawn": [next(people), next(people)],
        "erased": [next(people), next(people)],
        "no longer in the rule": [next(people), next(people), next(people)],
    }


@pytest.fixture(scope="module")
def week_later(sample_company, gone, rebuild) -> Warehouse:
    """Some refused, were erased or changed their segment, and a customer is new."""
    return rebuild(
        sample_company,
        WEEK_AGO,
        refusal(gone["consent withdrawn"]),
        "delete from intermediate.int_customers_listed where customer_id in"
        f" ({texts(gone['erased'])})",
        "update scoring.scored_customer_segments set segment_key = 'hibernating'"
        " where segmentation = 'value' and as_of_date = date '2026-01-01'"
        f" and customer_id in ({texts(gone['no longer in the rule'])})",
        "insert into intermediate.int_customers_listed (customer_id) values ('new:1')",
        "insert into scoring.scored_customer_segments (as_of_date, segmentation,"
        " customer_id, segment_key) values"
        " (date '2026-01-01', 'value', 'new:1', 'no_purchase')",
        "insert into input_checked.checked_customers (customer_id, email_hash,"
        " marketing_consent) values ('new:1', 'e1', true)",
        command=build,
    )


def test_added_and_kept_are_the_rule_applied_afresh(sample_company, week_later):
    """The rule told once more, from what is published elsewhere."""
    rules = {
        "lookalike_source": "segments.segment_key in ('champions', 'loyal')",
        "first_purchase": "segments.segment_key = 'no_purchase'",
        "win_back": "rfm.recency_days >= 28 and segments.segment_key in"
        " ('cannot_lose', 'at_risk', 'about_to_sleep')",
    }
    for warehouse in (sample_company, week_later):
        for audience, rule in rules.items():
            afresh = warehouse.query(f"""
                select segments.customer_id
                from scoring.scored_customer_segments as segments
                inner join intermediate.int_customers_listed using (customer_id)
                inner join intermediate.int_customers_described as described
                    using (customer_id)
                left join core.customer_rfm as rfm using (customer_id)
                where segments.segmentation = 'value' and {rule}
                    and segments.as_of_date = date '2026-01-01'
                    and described.marketing_consent
            """)
            now = members(warehouse, "added", "kept")
            assert {(audience, customer) for (customer,) in afresh} == {
                row for row in now if row[0] == audience
            }
    assert ("first_purchase", "new:1") in members(week_later, "added")


def test_removed_is_the_difference(sample_company, week_later, gone):
    before = members(sample_company, "added", "kept")
    now = members(week_later, "added", "kept")
    assert members(sample_company, "removed") == set()
    assert members(sample_company, "added") == before
    assert members(week_later, "removed") == before - now
    assert members(week_later, "kept") == before & now
    assert members(week_later, "added") == now - before == {("first_purchase", "new:1")}
    reasons = {row[:2]: row[3] for row in week_later.query(CHANGES)}
    for reason, customers in gone.items():
        for customer in customers:
            assert reasons["lookalike_source", customer] == reason


def test_who_withdraws_consent_is_only_taken_off(week_later, gone, tmp_path):
    folder = write_audiences(week_later.path, tmp_path)
    for reason in ("consent withdrawn", "erased"):
        theirs = keys(week_later, gone[reason])
        assert len(theirs) >= 4
        for file in folder.rglob("*.csv"):
            found = {key for key in theirs if key in file.read_text()}
            is_order = file.parts[-2:] == ("lookalike_source", "removed.csv")
            assert found == (theirs if is_order else set()), (reason, file)


def test_consent_withdrawn_the_same_day_counts_at_once(week_later, rebuild, tmp_path):
    (customer,) = some(week_later, "lookalike_source", 1)
    theirs = keys(week_later, [customer])
    later = rebuild(week_later, refusal([customer]))
    assert members(later, "removed") - members(week_later, "removed") == {
        ("lookalike_source", customer)
    }
    folder = write_audiences(later.path, tmp_path)
    assert theirs <= written_keys(folder, "lookalike_source", "removed")
    assert not theirs & written_keys(folder, "lookalike_source", "added", "kept")
    # A third build on the same data says the same.
    again = rebuild(later)
    assert set(later.differences(again).values()) == {0}


def test_holdouts_are_drawn_by_the_hash_and_stay(sample_company, week_later):
    query = "select audience, customer_id, is_holdout from marketing.campaign_audiences"
    drawn = {row[:2]: row[2] for row in sample_company.query(query)}
    for (audience, customer), is_holdout in drawn.items():
        share = {"keep_valuable": 0.2, "thank_you": 0.05, "lookalike_source": 0}
        limit = share.get(audience, 0.1)
        assert is_holdout == (holdout_bucket(audience, customer) < limit)
    later = {row[:2]: row[2] for row in week_later.query(query)}
    assert {key: later[key] for key in drawn} == drawn


@pytest.mark.parametrize("name", ["complete_journey", "sample_company"])
def test_holdout_shares_are_within_binomial_limits(name, request):
    rows = request.getfixturevalue(name).query(
        "select members, holdout, holdout_share, audience from"
        " monitoring.audience_status where status = 'published'"
    )
    assert len(rows) >= 5
    for count, holdout, share, audience in rows:
        # One in a thousand for each of about ten.
        assert binomtest(holdout, count, share).pvalue > 1e-3, audience


def test_files_hold_hashes_of_who_is_not_held_out(week_later, tmp_path):
    folder = write_audiences(week_later.path, tmp_path)
    held = {
        (audience, customer)
        for audience, customer, is_holdout in week_later.query(
            "select audience, customer_id, is_holdout from marketing.campaign_audiences"
        )
        if is_holdout
    }
    hashes = {
        row[:2]: row[2]
        for row in week_later.query(
            "select audience, customer_id, customer_id_hash from"
            " scoring.scored_published_audiences where is_current"
            " and audience is not null"
        )
    }
    assert len(held) > 20
    for audience in {audience for audience, _ in hashes}:
        kept = written_keys(folder, audience, "kept", "added")
        assert not kept & {
            hashes[key] for key in held & hashes.keys() if key[0] == audience
        }
        sent = members(week_later, "added", "kept") - held
        assert {hashes[key] for key in sent if key[0] == audience} <= kept
        rows = written(folder, audience, "kept")
        assert all(set(row) == set(KEYS) for row in rows)
        texts_found = {value for row in rows for value in row.values() if value}
        assert all(len(text) == 64 and text.isalnum() for text in texts_found)
    totals = week_later.query(
        "select audience, sum(row_count) filter (change_type <> 'removed') from"
        " monitoring.activation_exports group by all"
    )
    status = week_later.query(
        "select audience, members - holdout - without_key from"
        " monitoring.audience_status"
    )
    assert dict(totals) == dict(status)


def test_a_whole_build_may_be_activated_and_a_part_may_not(sample_company, week_later):
    path = "target/run_results.json"
    check_build(sample_company.folder / path, sample_company.path)
    with pytest.raises(Refused, match="part of the project"):
        check_build(week_later.folder / path, week_later.path)


def test_an_audience_that_shrinks_below_its_size_is_taken_off(sample_company, rebuild):
    small = rebuild(
        sample_company,
        WEEK_AGO,
        "update reference.audiences set minimum_size = 1000"
        " where audience = 'thank_you'",
        "delete from reference.audiences where audience = 'second_purchase'",
        "update reference.audiences set is_active = false where audience = 'win_back'",
    )
    before = members(sample_company, "added")
    expected = {
        "thank_you": "audience too small",
        "second_purchase": "audience ended",
        "win_back": "audience ended",
    }
    found = {
        (audience, customer): reason
        for audience, customer, change_type, reason in small.query(CHANGES)
        if change_type == "removed"
    }
    assert found == {key: expected[key[0]] for key in before if key[0] in expected}
    statuses = dict(
        small.query("select audience, status from monitoring.audience_status")
    )
    assert statuses["thank_you"] == "too_small"
    assert statuses["second_purchase"] == "not_declared"
    assert statuses["win_back"] == "not_active"


def test_without_a_salt_members_have_no_key_and_are_in_no_file(complete_journey):
    """Complete Journey has no addresses, and this build had no salt for ids."""
    rows = complete_journey.query(
        "select members - holdout, without_key from monitoring.audience_status"
    )
    assert sum(count for count, _ in rows) > 1000
    assert all(count == without for count, without in rows)
    lines = "select sum(row_count) from monitoring.activation_exports"
    assert complete_journey.value(lines) == 0


def test_the_mart_has_nothing_personal_but_hashes(sample_company):
    columns = sample_company.query("describe marketing.campaign_audiences")
    assert [name for name, *_ in columns] == [
        *("audience", "customer_id", "change_type", "reason", "channel"),
        *("email_hash", "phone_hash", "is_holdout", "is_in_contact_pause"),
        "as_of_date",
    ]
