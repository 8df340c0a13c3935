"""Weights between items: worked by hand, planted, and data that teach nothing."""

import numpy as np
import pandas as pd
import pytest

from segmentation.offers import (
    PENALTIES,
    OfferSettings,
    choose_penalty,
    fit_offer_weights,
    item_weights,
    list_gains,
)

SETTINGS = {
    "connector": "planted",
    "as_of_date": "2024-03-01",
    "offer_horizon_days": "30",
    "minimum_offer_customers": "20",
}


def plant(customers: int = 400, days: int = 100) -> pd.DataFrame:
    """Two tastes: who has one buys a, b, c, the others d, e, f; all buy z."""
    generator = np.random.default_rng(1)
    rows = []
    for customer in range(customers):
        taste = "abc" if customer % 2 else "def"
        for item in "abcdefz":
            if generator.random() < (0.7 if item in taste + "z" else 0.05):
                age = int(generator.integers(1, days))
                rows.append((f"c{customer:04d}", item, age))
    table = pd.DataFrame(rows, columns=["customer_id", "item", "age"])
    table["scored_on"] = pd.Timestamp("2024-03-01")
    table["first_bought_on"] = table["scored_on"] - pd.to_timedelta(table["age"], "D")
    return table.drop(columns="age").assign(is_candidate=True)


def test_weights_of_two_items_by_hand():
    """G + 1 = [[3, 1], [1, 4]]: the regression of one on the other, 1 / 3 and 1 / 4."""
    held = np.array([[1, 1], [1, 0], [0, 1], [0, 1]], dtype=float)
    expected = np.array([[0, 1 / 3], [1 / 4, 0]])
    np.testing.assert_allclose(item_weights(held, 1.0), expected)


def test_weights_are_a_ridge_regression_on_the_other_items():
    held = (np.random.default_rng(2).random((50, 6)) < 0.4).astype(float)
    weights = item_weights(held, 7.0)
    for item in range(6):
        others = np.delete(np.arange(6), item)
        x = held[:, others]
        solved = np.linalg.solve(x.T @ x + 7.0 * np.eye(5), x.T @ held[:, item])
        np.testing.assert_allclose(weights[others, item], solved)


def test_gains_by_hand():
    """A hit at place 2 of one wanted; at 1 and 3 of two; nothing listed is wanted."""
    scores = np.array([[3.0, 2, 1], [3.0, 2, 1], [3.0, -np.inf, -np.inf]])
    wanted = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    second = 1 / np.log2(3)
    expected = [second, 1.5 / (1 + second), 0.0]
    np.testing.assert_allclose(list_gains(scores, wanted), expected)


def test_planted_tastes_have_positive_weights_and_the_counts_are_right():
    histories = plant()
    weights = fit_offer_weights(histories, SETTINGS).set_index(["item", "other_item"])
    numbers = weights["weight"]
    assert numbers["a", "b"] > 0
    assert numbers["a", "b"] > 5 * abs(numbers["a", "d"])
    assert numbers["e", "d"] > 5 * abs(numbers["e", "b"])
    bought = histories.groupby("item")["customer_id"].agg(set)
    assert weights.loc[("a", "b"), "both_count"] == len(bought["a"] & bought["b"])
    assert weights.loc[("a", "b"), "other_count"] == len(bought["b"])
    assert len(weights) == 7 * 6
    assert (weights["customers"] == histories["customer_id"].nunique()).all()


def test_only_candidates_are_offered_but_all_items_speak():
    histories = plant()
    histories["is_candidate"] = histories["item"].isin(["a", "z"])
    weights = fit_offer_weights(histories, SETTINGS)
    assert set(weights["item"]) == {"a", "z"}
    assert set(weights["other_item"]) == set("abcdefz")


def test_neither_row_order_nor_dtype_matters():
    histories = plant()
    shuffled = histories.sample(frac=1, random_state=3).astype(
        {"customer_id": "category", "item": "object", "is_candidate": "int64"}
    )
    shuffled["scored_on"] = shuffled["scored_on"].dt.date
    pd.testing.assert_frame_equal(
        fit_offer_weights(shuffled, SETTINGS), fit_offer_weights(histories, SETTINGS)
    )


def test_each_date_is_learned_by_itself():
    late = plant()
    early = late[late["first_bought_on"] < "2024-02-01"].assign(
        scored_on=pd.Timestamp("2024-02-01")
    )
    both = fit_offer_weights(pd.concat([late, early]), SETTINGS)
    alone = fit_offer_weights(early, SETTINGS)
    assert set(both["scored_on"]) == {"2024-02-01", "2024-03-01"}
    found = both[both["scored_on"] == "2024-02-01"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, alone)
    assert both["model_version"].nunique() == 2


def test_the_penalty_is_the_one_that_foretold_best():
    histories = plant(customers=2000)
    held = histories.pivot_table(
        index="customer_id", columns="item", values="first_bought_on"
    )
    after = held.notna().to_numpy(dtype=float)
    before = (held < "2024-01-31").to_numpy(dtype=float)
    everything = np.ones(after.shape[1], dtype=bool)
    chosen = choose_penalty(before, after, everything)
    wanted = (after > before) & everything
    judged = wanted.any(axis=1)

    def gain(penalty: float) -> float:
        scores = before[judged] @ item_weights(before, penalty)
        scores[before[judged] > 0] = -np.inf
        return list_gains(scores, wanted[judged]).mean()

    gains = {penalty: round(gain(penalty), 9) for penalty in PENALTIES}
    assert gains[chosen] == max(gains.values())
    assert min(gains.values()) < max(gains.values())
    used = fit_offer_weights(histories, SETTINGS)["penalty"].unique()
    assert list(used) == [chosen]


def test_without_anything_new_the_most_cautious_penalty_is_taken():
    held = np.eye(4)
    assert choose_penalty(held, held, np.ones(4, dtype=bool)) == PENALTIES[-1]


@pytest.mark.parametrize(
    "histories", [plant(customers=19), plant().query("item == 'z'")]
)
def test_too_few_customers_or_items_teach_nothing(histories):
    weights = fit_offer_weights(histories, SETTINGS)
    assert weights.empty
    assert weights["weight"].dtype == "float64"


def test_an_empty_frame_gives_a_typed_one():
    weights = fit_offer_weights(plant().iloc[:0], SETTINGS)
    assert weights.empty
    assert weights["both_count"].dtype == "int64"


def test_purchases_on_the_date_itself_are_refused():
    histories = plant()
    histories.loc[0, "first_bought_on"] = histories.loc[0, "scored_on"]
    with pytest.raises(ValueError, match="must lie before scored_on"):
        fit_offer_weights(histories, SETTINGS)


def test_an_item_twice_is_refused():
    histories = plant()
    with pytest.raises(ValueError, match="lists an item twice"):
        fit_offer_weights(pd.concat([histories, histories.iloc[:1]]), SETTINGS)


@pytest.mark.parametrize(
    ("name", "text"),
    [("offer_horizon_days", "0"), ("minimum_offer_customers", "many")],
)
def test_settings_out_of_range_are_named(name, text):
    with pytest.raises(ValueError, match=name):
        OfferSettings.from_text(SETTINGS | {name: text})
