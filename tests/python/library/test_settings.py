from datetime import date

import pytest

from segmentation.settings import Settings


def test_text_becomes_checked_values(settings):
    read = Settings.from_text({**settings, "unknown": "ignored"})
    assert read.as_of_date == date(2017, 12, 31)
    assert read.minimum_segments == 3
    assert read.minimum_segment_share == 0.02


def test_lists_arrive_as_text(settings):
    read = Settings.from_text(
        {
            **settings,
            "segmentation_algorithms": "['hdbscan', 'kmeans']",
            "promoted_versions": "['0123456789ab', 7]",
        }
    )
    # The simpler first, whatever the order of the setting.
    assert read.segmentation_algorithms == ("kmeans", "hdbscan")
    assert read.promoted_versions == ("0123456789ab", "7")


@pytest.mark.parametrize("value", ["gone", None, " "])
def test_every_missing_setting_is_named(settings, value):
    for name in settings:
        broken = {key: text for key, text in settings.items() if key != name}
        if value != "gone":
            broken[name] = value
        with pytest.raises(ValueError, match=f"'{name}' is missing"):
            Settings.from_text(broken)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("as_of_date", "31.12.2017"),
        ("refit_policy", "sometimes"),
        ("minimum_segments", "three"),
        ("minimum_segments", "1"),
        ("minimum_segments", "2.5"),
        ("maximum_segments", "100"),
        ("maximum_segments", "2"),
        ("minimum_segment_share", "nan"),
        ("minimum_segment_share", "0.6"),
        ("maximum_missing_share", "-0.1"),
        ("maximum_feature_correlation", "inf"),
        ("stability_samples", "1"),
        ("random_seed", "-1"),
        ("segmentation_algorithms", "kmeans"),
        ("segmentation_algorithms", "['ward']"),
        ("segmentation_algorithms", "['kmeans', 'dbscan']"),
        ("minimum_agreement", "1.1"),
        ("maximum_distance_ratio", "0.9"),
        ("promoted_versions", "v"),
    ],
)
def test_unreadable_setting_is_named(settings, name, value):
    with pytest.raises(ValueError, match=f"'{name}'"):
        Settings.from_text({**settings, name: value})


def test_only_what_changes_the_fit_is_a_learning_item(settings):
    names = [name for name, _ in Settings.from_text(settings).learning_items()]
    others = {
        "connector",
        "as_of_date",
        "refit_policy",
        "minimum_agreement",
        "maximum_stability_index",
        "maximum_outlier_increase",
        "maximum_distance_ratio",
        "promoted_versions",
    }
    assert names == sorted(settings.keys() - others)
