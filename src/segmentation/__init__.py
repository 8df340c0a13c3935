"""Learn customer segmentations from a sample; SQL scores every customer from them."""

from segmentation.fitting import fit_segmentations
from segmentation.frames import to_pandas
from segmentation.kmeans import KMeansFit, fit_kmeans, nearest_centre
from segmentation.preparation import FeaturePreparation

__all__ = [
    "FeaturePreparation",
    "KMeansFit",
    "fit_kmeans",
    "fit_segmentations",
    "nearest_centre",
    "to_pandas",
]
