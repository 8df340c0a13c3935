"""What earlier builds left: the model in force, the one that waits, the keys in use."""

from typing import NamedTuple, Self

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from segmentation.missing import flag_sources, with_flags
from segmentation.preparation import ColumnParameters, prepare_column
from segmentation.settings import Settings

OUTLIER_KEY = "outlier"
_IN_FORCE = ("fitted", "kept")


class StoredModel(NamedTuple):
    """A version as its rows describe it; frames are empty where only 'model' is kept.

    ``model`` holds its rows of part 'model' on the latest build that named it,
    ``features`` the selected features with their parameters, ``exemplars`` the
    coordinates (exemplars x features), ``segments`` segment_key and radius of each
    exemplar, ``names`` the name of each segment by key.
    """

    model_version: str
    settings_hash: str
    model: pd.DataFrame
    features: pd.DataFrame
    exemplars: pd.DataFrame
    segments: pd.DataFrame
    names: pd.Series

    def fact(self, name: str) -> str | float | None:
        """Fact of part 'model'; None where it has none of that name."""
        rows = self.model[self.model["name"] == name]
        if rows.empty:
            return None
        text, number = rows.iloc[0][["value_text", "value_number"]]
        return number if pd.isna(text) else text

    def score(self, values: pd.DataFrame) -> pd.DataFrame:
        """Score customers as SQL does.

        Parameters
        ----------
        values : DataFrame (customers x features) in the unit of each feature; a feature
            that is not among the columns is missing for everybody

        Returns
        -------
        DataFrame indexed by customer with segment_key, 'outlier' beyond the radius or
        where noise is nearest, and distance to the nearest exemplar.
        """
        names = self.exemplars.columns
        known = with_flags(values, flag_sources(self.features)).reindex(columns=names)
        columns = [
            prepare_column(
                known[name].to_numpy(dtype=float),
                ColumnParameters(*self.features.loc[name, [*ColumnParameters._fields]]),
            )
            * self.features.loc[name, "weight"]
            for name in names
        ]
        distances = cdist(np.column_stack(columns), self.exemplars.to_numpy())
        nearest = distances.argmin(axis=1)
        found = self.segments.iloc[nearest]
        distance = distances[np.arange(len(nearest)), nearest]
        is_beyond = distance > found["radius"].to_numpy()
        keys = found["segment_key"].mask(is_beyond, OUTLIER_KEY).to_numpy()
        return pd.DataFrame(
            {"segment_key": keys, "distance": distance}, index=values.index
        )


class History(NamedTuple):
    """Promoted and pending version of a segmentation, and the keys it ever used."""

    promoted: StoredModel | None
    pending: StoredModel | None
    used_keys: frozenset[str]

    @classmethod
    def none(cls) -> Self:
        """Return the history of a segmentation that was never learned."""
        return cls(None, None, frozenset())


def read_history(kept: pd.DataFrame | None, settings: Settings) -> dict[str, History]:
    """Read what builds of this connector before this ``as_of_date`` left.

    Parameters
    ----------
    kept : rows that earlier builds returned, or those of part 'model' only; then the
        versions can be kept, but neither measured nor matched
    settings : of this build

    Returns
    -------
    Segmentation -> History. Promoted is the version that was in force on the latest
    date with one, pending the one that waited on that same date.
    """
    if kept is None or kept.empty:
        return {}
    is_earlier = pd.to_datetime(kept["as_of_date"]) < pd.Timestamp(settings.as_of_date)
    earlier = kept[is_earlier & (kept["connector"] == settings.connector)]
    return {
        str(segmentation): _history(rows)
        for segmentation, rows in earlier.groupby("segmentation")
    }


def _history(rows: pd.DataFrame) -> History:
    used = rows.loc[rows["part"] == "segment", "item"]
    status = rows[(rows["part"] == "model") & (rows["name"] == "status")]
    in_force = status[status["value_text"].isin(_IN_FORCE)]
    if in_force.empty:
        return History(None, None, frozenset(used))
    latest = in_force["as_of_date"].max()
    current = status[status["as_of_date"] == latest].set_index("value_text")
    promoted = next(name for name in _IN_FORCE if name in current.index)
    return History(
        _stored(rows, current.loc[promoted]),
        _stored(rows, current.loc["pending"]) if "pending" in current.index else None,
        frozenset(used),
    )


def _stored(rows: pd.DataFrame, status: pd.Series) -> StoredModel:
    version = rows[rows["model_version"] == status["model_version"]]
    is_model = version["part"] == "model"
    model = version[is_model & (version["as_of_date"] == status["as_of_date"])]
    fitted_as_of = model.loc[model["name"] == "fitted_as_of", "value_text"].item()
    fitted = version[version["as_of_date"] == pd.Timestamp(fitted_as_of)]
    features = _wide(fitted, "feature")
    if "is_selected" in features:
        features = features[features["is_selected"] == 1]
    segments = _wide(fitted, "exemplar_segment")
    if not segments.empty:
        segments["radius"] = segments["radius"].astype(float).fillna(np.inf)
    names = fitted[(fitted["part"] == "segment") & (fitted["name"] == "segment_name")]
    return StoredModel(
        model_version=status["model_version"],
        settings_hash=status["settings_hash"],
        model=model,
        features=features,
        exemplars=_wide(fitted, "exemplar").astype(float),
        segments=segments,
        names=names.set_index("item")["value_text"],
    )


def _wide(rows: pd.DataFrame, part: str) -> pd.DataFrame:
    """One row per item, one column per name, numbers and texts as they are."""
    wanted = rows[rows["part"] == part]
    values = wanted["value_text"].astype(object)
    values = values.where(wanted["value_text"].notna(), wanted["value_number"])
    return wanted.assign(value=values).pivot(
        index="item", columns="name", values="value"
    )
