import warnings

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_info

from segmentation import fit_segmentations, fitting, to_pandas

COLUMNS = [
    "connector",
    "as_of_date",
    "segmentation",
    "settings_hash",
    "model_version",
    "part",
    "item",
    "name",
    "value_number",
    "value_text",
]
TYPES = ["str", "datetime64[us]", *["str"] * 6, "float64", "str"]


@pytest.fixture(scope="module")
def parameters(planted_inputs, settings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return fit_segmentations(*planted_inputs, settings)


@pytest.fixture(scope="module")
def small(planted_inputs):
    """A tenth of the planted customers, for what does not depend on the fit."""
    customers = planted_inputs.populations["customer_id"].head(120)
    values = planted_inputs.feature_values
    return planted_inputs._replace(
        feature_values=values[values["customer_id"].isin(customers)],
        populations=planted_inputs.populations.head(120),
    )


@pytest.fixture(scope="module")
def quick(settings):
    return {
        **settings,
        "minimum_learning_customers": "100",
        "maximum_segments": "3",
        "stability_samples": "2",
    }


@pytest.fixture(scope="module")
def earlier(small, quick):
    return fit_segmentations(*small, {**quick, "as_of_date": "2017-11-30"})


def status(table):
    model = table[(table["part"] == "model") & (table["name"] == "status")]
    return dict(zip(model["segmentation"], model["value_text"], strict=True))


def names_of(table, part, item):
    return set(table[(table["part"] == part) & (table["item"] == item)]["name"])


class TestPlantedSegments:
    def test_are_recovered(self, parameters, planted, number, text, score_like_sql):
        wide, truth = planted
        labels = score_like_sql(parameters, wide)
        assert number(parameters, "model", "", "segment_count") == 4
        assert number(parameters, "candidate", "kmeans_04", "is_chosen") == 1
        assert text(parameters, "candidate", "kmeans_04", "reason").startswith(
            "Chosen: the"
        )
        assert text(parameters, "model", "", "structure") == "clear"
        assert adjusted_rand_score(truth, labels) >= 0.95

    def test_sql_labels_are_those_of_kmeans_for_every_customer(
        self, parameters, planted, settings, prepare_like_sql, score_like_sql
    ):
        wide, _ = planted
        prepared = prepare_like_sql(parameters, wide)[sorted(wide)].to_numpy()
        reference = KMeans(4, n_init=10, random_state=int(settings["random_seed"]))
        labels = reference.fit(prepared).predict(prepared)
        pairs = pd.crosstab(labels, score_like_sql(parameters, wide))
        assert (pairs > 0).sum().tolist() == [1, 1, 1, 1]
        assert (pairs > 0).sum(axis=1).tolist() == [1, 1, 1, 1]

    def test_are_ordered_by_size_with_their_shares(
        self, parameters, planted, number, score_like_sql
    ):
        shares = score_like_sql(parameters, planted[0]).value_counts(normalize=True)
        assert shares.index.tolist() == ["value_1", "value_2", "value_3", "value_4"]
        for key, share in shares.items():
            found = number(parameters, "segment", key, "sample_share")
            assert found == round(share, 9)

    def test_radius_is_the_far_fence_of_the_members(
        self, parameters, planted, number, prepare_like_sql, score_like_sql
    ):
        wide, _ = planted
        members = prepare_like_sql(parameters, wide)[
            score_like_sql(parameters, wide) == "value_4"
        ]
        centre = pd.Series(
            {f: number(parameters, "exemplar", "004", f) for f in members}
        )
        distances = np.sqrt(((members - centre) ** 2).sum(axis=1))
        lower, upper = distances.quantile([0.25, 0.75])
        fence = upper + 3 * (upper - lower)
        exemplars = parameters[parameters["part"] == "exemplar"].pivot(
            index="item", columns="name", values="value_number"
        )
        others = exemplars.drop("004")[centre.index]
        nearest = np.sqrt(((others - centre) ** 2).sum(axis=1)).min()
        radius = number(parameters, "exemplar_segment", "004", "radius")
        assert radius == pytest.approx(max(fence, nearest), abs=1e-8)

    def test_members_that_coincide_leave_room_for_the_others(
        self, make_inputs, quick, number
    ):
        # Most of a group sit on one point, so the fence alone would have no width.
        truth = np.arange(600) % 3
        wide = pd.DataFrame(
            {
                "a": (truth == 1) * 1.0,
                "b": (truth == 2) * 1.0,
                "c": (np.arange(600) % 20 == 0) * 1.0,
            },
            index=[f"c{row:03d}" for row in range(600)],
        )
        table = fit_segmentations(*make_inputs(wide, kind="category"), quick)
        prepared_gap = 1 / np.sqrt(3)
        for rank in (1, 2, 3):
            radius = number(table, "exemplar_segment", f"00{rank}", "radius")
            assert radius >= prepared_gap - 1e-8

    def test_are_named_by_what_sets_them_apart(self, parameters, planted, text):
        names = [
            text(parameters, "segment", f"value_{rank}", "segment_name")
            for rank in (1, 2, 3, 4)
        ]
        assert len(set(names)) == 4
        # The smallest group was planted high in everything.
        assert all(part.lower().startswith("high") for part in names[3].split(", "))
        description = text(parameters, "segment", "value_4", "description")
        assert description.startswith("Above average in ")
        assert "below" not in description

    def test_merge_into_one(self, parameters, text):
        merges = parameters[parameters["part"] == "merge"]
        nodes = merges[merges["name"].isin(["left_node", "right_node"])]["value_text"]
        keys = [f"value_{rank}" for rank in (1, 2, 3, 4)]
        assert sorted(nodes) == ["merge_01", "merge_02", *keys]
        assert merges["item"].unique().tolist() == ["01", "02", "03"]


class TestTable:
    def test_columns_types_and_order(self, parameters):
        assert parameters.columns.tolist() == COLUMNS
        assert parameters.dtypes.astype(str).tolist() == TYPES
        keys = parameters[["segmentation", "part", "item", "name"]]
        assert not keys.duplicated().any()
        assert keys.apply(tuple, axis=1).is_monotonic_increasing
        assert set(parameters["as_of_date"]) == {pd.Timestamp(2017, 12, 31)}
        values = parameters["value_number"].dropna()
        assert (values == values.map(lambda value: round(value, 9))).all()

    def test_rows_of_every_part(self, parameters):
        assert names_of(parameters, "model", "") == {
            "algorithm",
            "structure",
            "status",
            "reason",
            "segment_count",
            "sample_size",
            "random_seed",
            "fitted_as_of",
            "outlier_share",
            "mean_distance",
        }
        assert names_of(parameters, "feature", "spend") == {
            "family",
            "kind",
            "transform",
            "reason",
            "is_selected",
            "missing_share",
            "impute_value",
            "clip_low",
            "clip_high",
            "centre",
            "scale",
            "weight",
            "bin_edges",
            "bin_shares",
        }
        assert names_of(parameters, "candidate", "kmeans_04") == {
            "segment_count",
            "exemplar_count",
            "silhouette",
            "davies_bouldin",
            "stability",
            "mean_jaccard",
            "smallest_jaccard",
            "valley_depth",
            "valley_significance",
            "smallest_share",
            "noise_share",
            "bic",
            "is_chosen",
            "reason",
            "algorithm",
        }
        assert names_of(parameters, "segment", "value_1") == {
            "segment_name",
            "sample_share",
            "description",
        }
        assert names_of(parameters, "exemplar_segment", "001") == {
            "segment_key",
            "sample_share",
            "radius",
        }
        features = {"orders", "recency", "spend", "visits", "is_member"}
        assert names_of(parameters, "exemplar", "001") == features
        assert names_of(parameters, "segment_mean", "value_1") == features
        assert names_of(parameters, "merge", "01") == {
            "left_node",
            "right_node",
            "segment_keys",
            "height",
        }

    def test_weights_and_transforms(self, parameters, number, text):
        assert number(parameters, "feature", "orders", "weight") == 0.5
        member = number(parameters, "feature", "is_member", "weight")
        assert member == round(np.sqrt(0.2), 9)
        assert text(parameters, "feature", "spend", "transform") == "log1p"
        assert text(parameters, "feature", "orders", "transform") == "identity"

    def test_feature_left_out_has_a_reason_and_no_numbers(
        self, small, quick, number, text
    ):
        extra = small.candidates.tail(1).assign(feature="unheard", kind="number")
        candidates = pd.concat([small.candidates, extra])
        table = fit_segmentations(
            small.feature_values, candidates, small.populations, quick
        )
        assert text(table, "feature", "unheard", "reason") == (
            "missing for every customer"
        )
        assert number(table, "feature", "unheard", "is_selected") == 0
        assert number(table, "feature", "unheard", "missing_share") == 1
        for name in ("impute_value", "clip_low", "clip_high", "centre", "scale"):
            assert np.isnan(number(table, "feature", "unheard", name))
        assert np.isnan(number(table, "feature", "unheard", "weight"))
        assert "unheard" not in names_of(table, "exemplar", "001")

    def test_duckdb_types_even_when_empty(self, parameters):
        expected = ["VARCHAR", "TIMESTAMP", *["VARCHAR"] * 6, "DOUBLE", "VARCHAR"]
        for table in (parameters, parameters.head(0)):
            relation = duckdb.from_df(table)
            assert [str(kind) for kind in relation.types] == expected
        both_or_none = duckdb.sql(
            "select count(*) from parameters "
            "where (value_text is null) = (value_number is null)"
        )
        assert both_or_none.fetchall() == [(0,)]


class TestWhatMustNotMatter:
    def test_row_and_column_order_and_types(self, planted_inputs, settings, parameters):
        shuffled = [
            frame.sample(frac=1, random_state=5).iloc[:, ::-1].astype(object)
            for frame in planted_inputs
        ]
        reversed_settings = dict(reversed(settings.items()))
        again = fit_segmentations(*shuffled, reversed_settings)
        pd.testing.assert_frame_equal(again, parameters)

    def test_numeric_customer_ids(self, small, quick):
        def tables(as_type):
            inputs = [frame.copy() for frame in small]
            for frame in (inputs[0], inputs[2]):
                frame["customer_id"] = frame["customer_id"].str[1:].astype(as_type)
            return fit_segmentations(*inputs, quick)

        integers = tables("int64")
        assert status(integers) == {"value": "fitted"}
        objects = tables("int64[pyarrow]")
        pd.testing.assert_frame_equal(integers, objects)

    def test_missing_rows_are_missing_values(self, small, quick):
        dense = fit_segmentations(*small, quick)
        known = small.feature_values.dropna()
        assert len(known) < len(small.feature_values)
        sparse = fit_segmentations(known, *small[1:], quick)
        pd.testing.assert_frame_equal(sparse, dense)

    def test_thread_count(self, small, quick, monkeypatch):
        threads = []

        def spy(*arguments):
            threads.extend(pool["num_threads"] for pool in threadpool_info())
            return score(*arguments)

        score = fitting.score_candidates
        monkeypatch.setattr(fitting, "score_candidates", spy)
        fit_segmentations(*small, quick)
        assert set(threads) == {1}

    def test_customers_outside_the_population_and_twice_in_it(self, small, quick):
        expected = fit_segmentations(*small, quick)
        stranger = small.feature_values.head(5).assign(customer_id="stranger")
        again = fit_segmentations(
            pd.concat([small.feature_values, stranger.drop_duplicates("feature")]),
            small.candidates,
            pd.concat([small.populations, small.populations.head(7)]),
            quick,
        )
        pd.testing.assert_frame_equal(again, expected)


class TestHardShapes:
    def test_search_sees_every_group_though_ids_come_group_by_group(
        self, planted, make_inputs, settings, number
    ):
        wide, truth = planted
        in_order = wide.drop(columns="is_member").iloc[np.argsort(truth)]
        in_order.index = wide.index
        small_search = {**settings, "search_sample_size": "300"}
        table = fit_segmentations(*make_inputs(in_order), small_search)
        assert number(table, "model", "", "segment_count") == 4

    def test_three_outliers_are_never_a_segment(
        self, make_inputs, settings, number, score_like_sql
    ):
        generator = np.random.default_rng(11)
        truth = np.repeat([0, 1, 2], [1000, 600, 400])
        corners = np.array([[0, 0, 0], [6, 0, 6], [0, 6, 6]])
        points = corners[truth] + generator.normal(size=(2000, 3))
        points[:3] = 1e6
        wide = pd.DataFrame(points, columns=list("abc")).add_prefix("f_")
        table = fit_segmentations(*make_inputs(wide), settings)
        labels = score_like_sql(table, wide)
        assert number(table, "model", "", "segment_count") == 3
        assert labels.value_counts(normalize=True).min() >= 0.02
        assert adjusted_rand_score(truth[3:], labels[3:]) >= 0.95

    def test_family_of_noise_does_not_drown_the_informative_one(
        self, make_inputs, settings, score_like_sql
    ):
        generator = np.random.default_rng(12)
        truth = generator.integers(0, 4, 300)
        corners = np.array([[0, 0, 0], [3, 0, 3], [0, 3, 3], [3, 3, 0]])
        informative = corners[truth] + generator.normal(size=(300, 3)) * 0.7
        noise = generator.normal(size=(300, 40))
        wide = pd.DataFrame(np.hstack([informative, noise]), dtype=float)
        wide.columns = [f"f{number:02d}" for number in wide.columns]
        families = ["signal"] * 3 + ["noise"] * 40
        limits = {**settings, "minimum_segments": "4", "maximum_segments": "4"}

        def agreement(**columns):
            table = fit_segmentations(*make_inputs(wide, **columns), limits)
            return adjusted_rand_score(truth, score_like_sql(table, wide))

        weighted = agreement(family=families)
        assert weighted >= 0.9
        assert weighted > agreement() + 0.2

    def test_degenerate_on_the_whole_sample_falls_back(
        self, planted_inputs, settings, parameters, monkeypatch, number, text
    ):
        def fit_with_a_tiny_segment(points, segment_count, random_seed):
            fit = fit_kmeans(points, segment_count, random_seed)
            if segment_count != 4:
                return fit
            labels = np.arange(len(points)) % 3
            labels[:5] = 3
            return fit._replace(labels=labels)

        fit_kmeans = fitting.fit_kmeans
        monkeypatch.setattr(fitting, "fit_kmeans", fit_with_a_tiny_segment)
        table = fit_segmentations(*planted_inputs, settings)
        assert number(table, "candidate", "kmeans_04", "is_chosen") == 0
        assert text(table, "candidate", "kmeans_04", "reason") == (
            "Refused: the smallest segment holds 0.42% of the sample, at least 2.00% "
            "are required."
        )
        chosen = table[(table["name"] == "is_chosen") & (table["value_number"] == 1)]
        assert len(chosen) == 1
        reason = text(table, "candidate", chosen["item"].item(), "reason")
        assert reason.startswith("Chosen")


class TestNotFitted:
    def test_small_population(self, small, settings, number, text):
        table = fit_segmentations(*small, settings)
        assert text(table, "model", "", "status") == "not_fitted"
        assert text(table, "model", "", "reason") == (
            "Its population holds 120 customers, at least 200 are required."
        )
        assert number(table, "model", "", "segment_count") == 0
        assert set(table["part"]) == {"model", "feature"}
        assert names_of(table, "feature", "spend") >= {"reason", "is_selected"}
        assert number(table, "feature", "spend", "is_selected") == 0
        assert table["model_version"].str.fullmatch("[0-9a-f]{12}").all()

    def test_no_usable_feature(self, make_inputs, quick, text):
        wide = pd.DataFrame({"f": np.ones(150)}, index=[f"c{i}" for i in range(150)])
        table = fit_segmentations(*make_inputs(wide), quick)
        assert text(table, "model", "", "reason") == (
            "None of its 1 candidate features can be used."
        )
        assert text(table, "feature", "f", "reason").startswith("near-constant")

    def test_no_candidate_and_no_population(self, small, quick, text):
        candidates = small.candidates.assign(segmentation="only_listed")
        populations = small.populations.assign(segmentation="only_people")
        table = fit_segmentations(small.feature_values, candidates, populations, quick)
        assert status(table) == {
            "only_listed": "not_fitted",
            "only_people": "not_fitted",
        }
        people = table[table["segmentation"] == "only_people"]
        reason = "No candidate feature is listed for it."
        assert text(people, "model", "", "reason") == reason
        listed = table[table["segmentation"] == "only_listed"]
        assert "holds 0 customers" in text(listed, "model", "", "reason")
        assert listed["part"].eq("feature").sum() == 5 * 12

    def test_every_number_of_segments_degenerate(self, small, quick, text):
        table = fit_segmentations(*small, {**quick, "minimum_segment_share": "0.4"})
        assert text(table, "model", "", "reason") == (
            "Every number of segments from 3 to 3 leaves one below the minimum share."
        )
        assert text(table, "candidate", "kmeans_03", "reason").startswith("Refused")
        assert set(table["part"]) == {"model", "feature", "candidate"}

    @pytest.mark.parametrize("as_type", [object, "typed"])
    def test_empty_inputs_give_a_typed_empty_frame(self, small, settings, as_type):
        empty = [frame.head(0) for frame in small]
        if as_type is object:
            empty = [frame.astype(object) for frame in empty]
        table = fit_segmentations(*empty, settings, kept=pd.DataFrame())
        assert table.empty
        assert table.columns.tolist() == COLUMNS
        assert table.dtypes.astype(str).tolist() == TYPES

    def test_dbt_empty_on_duckdb(self, small, quick):
        relations = [duckdb.from_df(frame) for frame in small]
        empty = [to_pandas(relation.limit(0)) for relation in relations]
        assert fit_segmentations(*empty, quick).empty
        assert fit_segmentations(*empty, {}, segmentations=[]).empty
        with pytest.raises(ValueError, match="connector"):
            fit_segmentations(*small, {})
        no_values = [empty[0], *map(to_pandas, relations[1:])]
        assert status(fit_segmentations(*no_values, quick)) == {"value": "not_fitted"}


class TestRefits:
    def test_fitted_earlier_is_kept(self, small, quick, earlier, text):
        table = fit_segmentations(*small, quick, kept=earlier)
        assert status(table) == {"value": "kept"}
        assert set(table["part"]) == {"model", "drift"}
        assert table["as_of_date"].eq(pd.Timestamp(quick["as_of_date"])).all()
        assert text(table, "model", "", "fitted_as_of") == "2017-11-30"
        versions = {*table["model_version"], *earlier["model_version"]}
        assert len(versions) == 1
        assert table.dtypes.astype(str).tolist() == TYPES

    def test_kept_stays_kept(self, small, quick, earlier, text):
        kept = fit_segmentations(*small, quick, kept=earlier)
        kept = pd.concat([earlier[earlier["part"] == "model"], kept])
        later = {**quick, "as_of_date": "2018-01-31"}
        table = fit_segmentations(
            *small, later, kept=kept.sample(frac=1, random_state=1)
        )
        assert status(table) == {"value": "kept"}
        assert text(table, "model", "", "fitted_as_of") == "2017-11-30"

    def test_always_fits_again(self, small, quick, earlier):
        always = {**quick, "refit_policy": "always"}
        table = fit_segmentations(*small, always, kept=earlier)
        assert status(table) == {"value": "fitted"}

    @pytest.mark.parametrize(
        "change",
        [
            {"as_of_date": "2017-11-30"},
            {"as_of_date": "2017-11-29"},
            {"connector": "another"},
            {"random_seed": "1"},
            {"skewness_limit": "2"},
        ],
    )
    def test_fits_again_where_it_is_another_question(
        self, small, quick, earlier, change
    ):
        table = fit_segmentations(*small, {**quick, **change}, kept=earlier)
        assert status(table) == {"value": "fitted"}

    def test_an_earlier_failure_is_tried_again(self, small, quick, settings):
        strict = {**quick, "minimum_segment_share": "0.4"}
        failed = fit_segmentations(*small, {**strict, "as_of_date": "2017-11-30"})
        assert status(failed) == {"value": "not_fitted"}
        again = fit_segmentations(*small, strict, kept=failed)
        assert status(again) == {"value": "not_fitted"}
        assert set(again["part"]) > {"model"}

    def test_only_the_segmentation_that_was_fitted_is_kept(self, small, quick, earlier):
        other = small.candidates.assign(segmentation="other")
        people = small.populations.assign(segmentation="other")
        table = fit_segmentations(
            small.feature_values,
            pd.concat([small.candidates, other]),
            pd.concat([small.populations, people]),
            quick,
            kept=earlier,
        )
        assert status(table) == {"other": "fitted", "value": "kept"}
        assert table["item"].str.startswith("value_").sum() == 0

    def test_a_segmentation_without_anything_is_listed(self, small, quick):
        table = fit_segmentations(*small, quick, segmentations=["technographic"])
        assert status(table) == {"technographic": "not_fitted", "value": "fitted"}

    def test_hash_follows_settings_and_family_weights_only(self, small, settings):
        def settings_hash(inputs=small, **changes):
            table = fit_segmentations(*inputs, {**settings, **changes})
            return table["settings_hash"].unique().item()

        expected = settings_hash()
        same = {"connector": "b", "as_of_date": "2018-01-31", "skewness_limit": "1"}
        assert settings_hash(**same, refit_policy="always", unknown="x") == expected
        assert settings_hash(skewness_limit="1.5") != expected
        elsewhere = small._replace(
            candidates=small.candidates.assign(segmentation="other"),
            populations=small.populations.assign(segmentation="other"),
        )
        assert settings_hash(elsewhere) != expected
        fewer = small._replace(candidates=small.candidates.drop(index=0))
        assert settings_hash(fewer) == expected
        heavier = small.candidates.assign(
            family_weight=small.candidates["family_weight"] * 2
        )
        assert settings_hash(small._replace(candidates=heavier)) != expected

    def test_version_follows_the_sample(self, small, quick, earlier):
        version = earlier["model_version"].unique().item()
        later = fit_segmentations(*small, quick)
        assert later["model_version"].unique().item() == version
        values = small.feature_values
        orders = values["feature"] == "orders"
        shifted = values.assign(value=values["value"].where(~orders, -values["value"]))
        other = fit_segmentations(shifted, *small[1:], quick)
        assert other["model_version"].unique().item() != version
        assert other["settings_hash"].equals(later["settings_hash"])


class TestRefusals:
    def test_settings(self, small, settings):
        with pytest.raises(ValueError, match="'minimum_segments'"):
            fit_segmentations(*small, {**settings, "minimum_segments": "few"})

    @pytest.mark.parametrize(
        ("column", "value", "message"),
        [
            ("kind", "text", "kind in candidates"),
            ("family_weight", 0.0, "family_weight in candidates"),
            ("family_weight", np.inf, "family_weight in candidates"),
            ("family", None, "needs a value"),
            ("feature", "orders", "twice"),
        ],
    )
    def test_candidates(self, small, quick, column, value, message):
        broken = small.candidates.assign(**{column: value})
        with pytest.raises(ValueError, match=message):
            fit_segmentations(small.feature_values, broken, small.populations, quick)

    def test_values(self, small, quick):
        values = small.feature_values
        with pytest.raises(ValueError, match="two values"):
            fit_segmentations(pd.concat([values, values]), *small[1:], quick)
        with pytest.raises(ValueError, match="finite"):
            fit_segmentations(values.assign(value=np.inf), *small[1:], quick)
        with pytest.raises(ValueError, match="category must be"):
            fit_segmentations(values.assign(value=0.5), *small[1:], quick)
