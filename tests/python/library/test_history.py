"""Segments over several builds: what stays, what waits, what is never used again."""

import numpy as np
import pandas as pd
import pytest

from segmentation import fit_segmentations

DATES = pd.date_range("2018-01-31", periods=12, freq="ME").strftime("%Y-%m-%d").tolist()


class Builds:
    """Builds that follow each other and keep what earlier ones returned."""

    def __init__(self, make_inputs, settings) -> None:
        self.make_inputs = make_inputs
        self.settings = {**settings, "refit_policy": "when_drifted"}
        self.kept = None

    def build(self, wide: pd.DataFrame, date: str, **changes: str) -> pd.DataFrame:
        settings = {**self.settings, "as_of_date": date, **changes}
        table = fit_segmentations(*self.make_inputs(wide), settings, kept=self.kept)
        earlier = [] if self.kept is None else [self.kept]
        self.kept = pd.concat([*earlier, table], ignore_index=True)
        return table


@pytest.fixture
def builds(make_inputs, settings) -> Builds:
    quick = {"maximum_segments": "5", "stability_samples": "2"}
    return Builds(make_inputs, settings | quick)


def blobs(count: int = 4, customers: int = 1200, seed: int = 1) -> pd.DataFrame:
    """Groups on the corners of a cube, 8 standard deviations apart."""
    generator = np.random.default_rng(seed)
    corners = np.array([[x, y, z] for x in (0, 8) for y in (0, 8) for z in (0, 8)])
    truth = np.arange(customers) % count
    points = corners[truth * 3 % 8] + generator.normal(size=(customers, 3))
    index = [f"c{number:05d}" for number in range(customers)]
    return pd.DataFrame(points, columns=["a", "b", "c"], index=index)


def elsewhere(seed: int = 1) -> pd.DataFrame:
    """Three groups, each in the middle of where several others were."""
    return blobs(3, seed=seed) + 4


def skewed(customers: int = 20_000, seed: int = 2) -> pd.DataFrame:
    """Customers without natural groups, as retailers have them."""
    generator = np.random.default_rng(seed)
    vigour = generator.normal(size=customers)
    columns = {
        "orders": np.exp(1 + 0.8 * vigour + 0.5 * generator.normal(size=customers)),
        "spend": np.exp(4 + 0.7 * vigour + 0.8 * generator.normal(size=customers)),
        "recency": generator.gamma(1.2, 40, size=customers) * np.exp(-0.5 * vigour),
        "basket": generator.gamma(3, 10, size=customers),
    }
    index = [f"c{number:05d}" for number in range(customers)]
    return pd.DataFrame(columns, index=index)


def changed(wide: pd.DataFrame, share: float, seed: int = 3) -> pd.DataFrame:
    """Some customers with the values of others, taken at random."""
    generator = np.random.default_rng(seed)
    who = generator.choice(len(wide), int(share * len(wide)), replace=False)
    other = wide.copy()
    other.iloc[who] = wide.iloc[generator.permutation(len(wide))[: len(who)]].to_numpy()
    return other


def facts(table: pd.DataFrame, status: str) -> dict[str, object]:
    """Part model of the version with that status."""
    model = table[table["part"] == "model"]
    is_wanted = (model["name"] == "status") & (model["value_text"] == status)
    (version,) = model.loc[is_wanted, "model_version"]
    rows = model[model["model_version"] == version]
    values = (
        rows["value_text"]
        .astype(object)
        .where(rows["value_text"].notna(), rows["value_number"])
    )
    return dict(zip(rows["name"], values, strict=True)) | {"version": version}


def statuses(table: pd.DataFrame) -> list[str]:
    is_status = (table["part"] == "model") & (table["name"] == "status")
    return sorted(table.loc[is_status, "value_text"])


def names(table: pd.DataFrame) -> dict[str, str]:
    rows = table[(table["part"] == "segment") & (table["name"] == "segment_name")]
    return dict(zip(rows["item"], rows["value_text"], strict=True))


def events(table: pd.DataFrame) -> list[str]:
    is_event = (table["part"] == "lineage") & (table["name"] == "event")
    return sorted(table.loc[is_event, "value_text"])


class TestWithoutDrift:
    def test_skewed_customers_keep_their_segments(self, builds, score_like_sql):
        quick = {"maximum_segments": "4", "search_sample_size": "800"}
        wide = skewed()
        first = builds.build(wide, DATES[0], **quick)
        assert facts(first, "fitted")["structure"] == "none"
        labels = score_like_sql(first, wide)
        shuffled = builds.build(wide.sample(frac=1, random_state=1), DATES[1], **quick)
        assert statuses(shuffled) == ["kept"]
        assert set(shuffled["part"]) == {"model", "drift"}
        # 2 % of the others changed: nobody else's segment is looked at again.
        others = changed(wide, 0.02)
        third = builds.build(others, DATES[2], **quick)
        assert statuses(third) == ["kept"]
        same = (others == wide).all(axis=1)
        assert same.mean() >= 0.98
        assert score_like_sql(first, others)[same].equals(labels[same])
        # A forced refit after 10 % changed obeys the gate, whichever way it goes.
        fourth = builds.build(
            changed(wide, 0.1), DATES[3], **quick, refit_policy="always"
        )
        found = statuses(fourth)
        status = "fitted" if found == ["fitted"] else "pending"
        agreement = facts(fourth, status)["agreement_with_previous"]
        assert (agreement >= 0.9) == (found == ["fitted"])
        assert found in (["fitted"], ["kept", "pending"])

    def test_ten_builds_on_the_same_data_are_one_version(self, builds):
        tables = [builds.build(blobs(), date) for date in DATES[:10]]
        assert [statuses(table) for table in tables] == [["fitted"]] + [["kept"]] * 9
        assert builds.kept["model_version"].nunique() == 1
        assert facts(tables[9], "kept")["fitted_as_of"] == DATES[0]
        drift = tables[9][(tables[9]["part"] == "drift") & (tables[9]["item"] != "")]
        assert drift["value_number"].eq(0).all()

    def test_a_second_build_of_the_same_date_does_not_see_the_first(self, builds):
        builds.build(blobs(), DATES[0])
        second = builds.build(changed(blobs(), 0.01), DATES[1])
        again = builds.build(changed(blobs(), 0.01), DATES[1])
        pd.testing.assert_frame_equal(second, again)


class TestRefit:
    def test_of_blobs_is_promoted_and_keeps_keys_and_names(
        self, builds, score_like_sql
    ):
        wide = blobs()
        first = builds.build(wide, DATES[0])
        table = builds.build(changed(wide, 0.1), DATES[1], refit_policy="always")
        version = facts(table, "fitted")
        assert version["agreement_with_previous"] >= 0.95
        assert version["version"] != facts(first, "fitted")["version"]
        assert version["reason"].endswith("because refit_policy is always.")
        assert names(table) == names(first)
        assert events(table) == ["kept"] * 4
        untouched = (changed(wide, 0.1) == wide).all(axis=1)
        before, after = score_like_sql(first, wide), score_like_sql(table, wide)
        assert (before == after)[untouched].mean() >= 0.95

    def test_drift_makes_it_and_says_which(self, builds):
        wide = blobs()
        builds.build(wide, DATES[0])
        moved = wide.assign(b=wide["b"] + 2)
        table = builds.build(moved, DATES[1])
        drift = table[(table["part"] == "drift") & (table["name"] == "is_drifted")]
        drifted = dict(zip(drift["item"], drift["value_number"], strict=True))
        assert drifted == {"a": 0, "b": 1, "c": 0}
        assert "because b drifted, population" in facts(table, "fitted")["reason"]
        # The new version is what the next build is compared with.
        assert statuses(builds.build(moved, DATES[2])) == ["kept"]

    def test_never_does_not_though_everything_moved(self, builds):
        builds.build(blobs(), DATES[0])
        table = builds.build(blobs() + 50, DATES[1], refit_policy="never")
        assert statuses(table) == ["kept"]
        assert "drift" in set(table["part"])

    def test_outliers_and_distance_count_too(self, builds):
        wide = blobs()
        builds.build(wide, DATES[0])
        spread = wide + np.random.default_rng(5).normal(size=wide.shape) * 0.8
        table = builds.build(spread, DATES[1], maximum_stability_index="9")
        (status,) = set(statuses(table)) - {"kept"}
        assert "times as far from the exemplars" in facts(table, status)["reason"]

    def test_births_and_deaths_never_reuse_a_key(self, builds):
        free = {"minimum_agreement": "0"}
        builds.build(blobs(4), DATES[0], **free)
        fewer = builds.build(blobs(3), DATES[1], refit_policy="always", **free)
        assert len(names(fewer)) == 3
        assert "died" in events(fewer)
        lost = {f"value_{rank}" for rank in range(1, 5)} - names(fewer).keys()
        more = builds.build(blobs(5), DATES[2], refit_policy="always", **free)
        assert len(names(more)) == 5
        assert lost.isdisjoint(names(more))
        assert {"value_5", "value_6"} <= names(more).keys()
        assert events(more).count("born") == 2
        assert len({*names(more).values()}) == 5

    def test_changed_settings_learn_again_and_keep_keys(self, builds):
        first = builds.build(blobs(), DATES[0])
        table = builds.build(blobs(), DATES[1], skewness_limit="2")
        assert statuses(table) == ["fitted"]
        assert facts(table, "fitted")["reason"].endswith("its settings changed.")
        assert names(table) == names(first)


class TestPending:
    @pytest.fixture
    def waiting(self, builds) -> Builds:
        """A refit with other groups, in which too many would change places."""
        builds.build(blobs(5), DATES[0])
        table = builds.build(elsewhere(), DATES[1], refit_policy="always")
        assert statuses(table) == ["kept", "pending"]
        return builds

    def test_waits_beside_the_old_one_with_all_its_parts(self, waiting):
        table = waiting.kept[waiting.kept["as_of_date"] == DATES[1]]
        version = facts(table, "pending")
        assert version["reason"].startswith("Pending: ")
        assert "at least 90.0% are required" in version["reason"]
        assert version["pending_builds"] == 1
        assert version["agreement_with_previous"] < 0.9
        parts = set(table[table["model_version"] == version["version"]]["part"])
        assert parts >= {"model", "feature", "exemplar", "exemplar_segment", "lineage"}
        old = table[table["model_version"] != version["version"]]
        assert set(old["part"]) == {"model", "drift"}

    def test_counts_the_builds_that_it_waits(self, waiting):
        for number, date in enumerate(DATES[2:5], start=2):
            table = waiting.build(blobs(5), date)
            assert statuses(table) == ["kept", "pending"]
            assert facts(table, "pending")["pending_builds"] == number
            assert facts(table, "pending")["fitted_as_of"] == DATES[1]

    def test_is_promoted_by_hand_at_a_later_build(self, waiting, score_like_sql):
        table = waiting.kept[waiting.kept["as_of_date"] == DATES[1]]
        version = facts(table, "pending")["version"]
        by_hand = {"promoted_versions": f"['{version}']"}
        called = waiting.build(elsewhere(), DATES[2], **by_hand)
        assert statuses(called) == ["kept"]
        promoted = facts(called, "kept")
        assert promoted["version"] == version
        assert promoted["fitted_as_of"] == DATES[1]
        assert promoted["reason"].startswith("Promoted by hand. Pending")
        assert "pending_builds" not in promoted
        after = waiting.build(elsewhere(), DATES[3])
        assert facts(after, "kept")["version"] == version

    def test_is_promoted_by_hand_on_its_own_date(self, waiting):
        table = waiting.kept[waiting.kept["as_of_date"] == DATES[1]]
        version = facts(table, "pending")["version"]
        again = waiting.build(
            elsewhere(),
            DATES[1],
            refit_policy="always",
            promoted_versions=f"['{version}']",
        )
        assert statuses(again) == ["fitted"]

    def test_another_refit_takes_its_place(self, waiting):
        table = waiting.build(elsewhere(seed=9), DATES[2], refit_policy="always")
        assert statuses(table) == ["kept", "pending"]
        assert facts(table, "pending")["fitted_as_of"] == DATES[2]
        assert facts(table, "pending")["pending_builds"] == 2
