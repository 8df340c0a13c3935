"""Titles that say what a picture shows, as far as the numbers carry it."""

from collections.abc import Sequence

import pandas as pd

from segmentation_reports.candidates import Candidate
from segmentation_reports.words import (
    algorithm_name,
    count_of,
    percent,
    share_of,
)


def summarise(status: pd.Series, segments: pd.DataFrame) -> str:
    """Read a segmentation in one line: the largest segment and its revenue.

    Parameters
    ----------
    status : row of monitoring.segmentation_status
    segments : rows of core.segments of the segmentation
    """
    if status["status"] == "not_available":
        return str(status["reason"])
    proper = segments[~segments["is_special"] & (segments["customer_count"] > 0)]
    if proper.empty:
        return "No customer is in a segment."
    largest = proper.sort_values(
        ["customer_count", "segment_key"], ascending=[False, True]
    ).iloc[0]
    said = (
        f"{share_of(largest['customer_share'])} of the customers are in "
        f"“{largest['segment_name']}”"
    )
    earning = proper.dropna(subset=["net_revenue_share"]).sort_values(
        ["net_revenue_share", "segment_key"], ascending=[False, True]
    )
    if earning.empty or earning.iloc[0]["net_revenue_share"] <= 0:
        return f"{said}."
    first = earning.iloc[0]
    revenue = f"{percent(first['net_revenue_share'])} of net revenue"
    if first["segment_key"] == largest["segment_key"]:
        return f"{said}, with {revenue}."
    return f"{said}; “{first['segment_name']}” brings {revenue}."


def title_map(status: str, segment_count: int) -> str:
    """Say whether the segments stand apart."""
    if status == "no_clear_structure":
        return f"One cloud, cut into {segment_count}: the segments have no clear border"
    return f"{segment_count} segments that stand apart from each other"


def title_candidates(candidates: Sequence[Candidate], status: str) -> str:
    """Say what was chosen and how stable it is."""
    chosen = next((one for one in candidates if one.is_chosen), None)
    if chosen is None:
        return "No candidate was chosen"
    said = (
        f"{count_of(chosen.segment_count, 'segment')} by "
        f"{algorithm_name(chosen.algorithm)}"
    )
    if status == "no_clear_structure":
        return f"{said} stand in, for no candidate shows clear structure"
    return f"{said}: half samples agree with {chosen.stability:.2f}"


def title_grid(segments: pd.DataFrame) -> str:
    """Name the largest segment, and the one that brings most."""
    proper = segments[~segments["is_special"]]
    largest = proper.sort_values(
        ["customer_count", "segment_key"], ascending=[False, True]
    ).iloc[0]
    said = f"{share_of(largest['customer_share'])} of the customers are "
    said += f"“{largest['segment_name']}”"
    earning = proper.dropna(subset=["net_revenue_share"]).sort_values(
        ["net_revenue_share", "segment_key"], ascending=[False, True]
    )
    if earning.empty:
        return said
    first = earning.iloc[0]
    if first["segment_key"] == largest["segment_key"]:
        return f"{said}, with {percent(first['net_revenue_share'])} of net revenue"
    return (
        f"{said}; “{first['segment_name']}” bring "
        f"{percent(first['net_revenue_share'])} of revenue"
    )
