"""Through which real quantities the latent coordinates show, family by family.

A coordinate, in deviations over all people, becomes
``centre + spread * x``, ``exp`` of it, or the logistic of it between two bounds.
"""

from typing import NamedTuple

import numpy as np


class Measure(NamedTuple):
    """One coordinate of a family and the quantity that it drives."""

    name: str
    shape: str  # linear, exponential or logistic
    centre: float  # of the quantity, its logarithm or its logit
    spread: float  # per deviation, on the same scale
    low: float = -np.inf
    high: float = np.inf
    decimals: int = 2

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Turn deviations into the quantity, unrounded."""
        raw = self.centre + self.spread * values
        if self.shape == "exponential":
            return np.clip(np.exp(raw), self.low, self.high)
        if self.shape == "logistic":
            return self.low + (self.high - self.low) / (1 + np.exp(-raw))
        return np.clip(raw, self.low, self.high)


def _linear(name, centre, spread, low=-np.inf, high=np.inf, decimals=0):
    return Measure(name, "linear", centre, spread, low, high, decimals)


def _exponential(name, median, spread, decimals=0, low=-np.inf, high=np.inf):
    return Measure(name, "exponential", np.log(median), spread, low, high, decimals)


def _logistic(name, low, high, middle, spread=0.9, decimals=3):
    centre = np.log((middle - low) / (high - middle))
    return Measure(name, "logistic", centre, spread, low, high, decimals)


DEMOGRAPHIC = (
    _linear("age_years", 47, 12, 18, 92),
    _exponential("income_thousands", 48, 0.30, 1),
    _linear("household_size", 3.6, 1.25, 1, 8),
    _linear("home_size_sqm", 96, 21, 22, 210),
    _linear("education_years", 13.5, 2.2, 7, 22, 1),
    _exponential("years_at_address", 9, 0.42, 1),
    _linear("working_hours_per_week", 33, 7.5, 0, 70),
    _exponential("housing_cost_per_month", 980, 0.28),
    _linear("leisure_hours_per_week", 26, 6, 2, 60),
    _linear("savings_rate_percent", 12, 4.2, -8, 35, 1),
    _linear("vacation_days_per_year", 27, 6, 0, 60),
    _exponential("pension_saving_per_month", 140, 0.40),
)

GEOGRAPHIC = (
    _exponential("population_density_km2", 1500, 0.40),
    _logistic("detached_house_share", 0, 1, 0.4),
    _linear("commute_minutes", 32, 8, 0, 90),
    _logistic("green_area_share", 0, 1, 0.45),
    _exponential("rent_per_sqm", 12.5, 0.25, 2),
    _linear("transit_departures_per_hour", 38, 11, 0, 99),
    _linear("noise_level_db", 54, 5, 30, 80, 1),
    _linear("building_age_years", 48, 13, 0, 120),
    _exponential("school_distance_km", 1.6, 0.35, 2),
    _exponential("motorway_distance_km", 7, 0.40, 1),
    _linear("restaurants_within_1km", 34, 10, 0, 99),
    _exponential("store_distance_km", 25, 0.9),
    _logistic("home_store_share", 0.30, 1, 0.68, 1.1),
)

TECHNOGRAPHIC = (
    _linear("screen_width_px", 1480, 260, 320, 3840),
    _linear("operating_system_age_years", 3.1, 0.85, 0, 9, 1),
    _exponential("download_mbps", 85, 0.40, 1),
    _linear("battery_capacity_mah", 4300, 520, 1500, 8000),
    _exponential("storage_used_gb", 120, 0.35, 1),
    _linear("installed_app_count", 74, 18, 4, 200),
    _linear("screen_minutes_per_day", 190, 42, 5, 500),
    _exponential("notifications_per_day", 62, 0.35),
    _exponential("device_price", 520, 0.30),
    _linear("browser_age_days", 160, 38, 0, 400),
    _logistic("mobile_share", 0.05, 0.95, 0.55, 1.0),
    _logistic("app_share", -0.1, 0.75, 0.27, 1.0),
)

# Scales of the survey, on answers from 1 to 7, and what baskets betray.
SURVEY_SCALES = (
    "adventure",
    "thrift",
    "sustainability",
    "status",
    "tradition",
    "comfort",
)
PSYCHOGRAPHIC = (
    *(_linear(scale, 4, 1.15, 1, 7) for scale in SURVEY_SCALES),
    _logistic("deal_seeking_share", 0.10, 0.95, 0.52, 1.0),
    _logistic("variety_share", 0.0, 1.0, 0.5, 1.0),
)

BEHAVIOURAL = (
    _exponential("orders_per_year", 8.0, 0.24, low=4, high=16),
    _exponential("order_amount", 82, 0.34),
    _exponential("units_per_order", 3.2, 0.30),
    _logistic("interval_variation", 0.1, 1.3, 0.62, 1.0),
    _logistic("evening_share", 0.0, 1.0, 0.45, 1.2),
    _logistic("weekend_share", 0.0, 1.0, 0.42, 1.2),
    _logistic("discount_share", 0.01, 0.24, 0.10, 1.0),
    _logistic("private_label_share", 0.0, 1.0, 0.45, 1.2),
    _logistic("type_variety", 0.2, 1.0, 0.6, 1.0),
    *(_linear(f"department_contrast_{number}", 0, 0.75) for number in range(1, 8)),
    _exponential("visits_per_year", 9.5, 0.26, low=4, high=22),
    _exponential("pages_per_visit", 7.5, 0.34),
    _exponential("minutes_per_visit", 6, 0.38),
    _logistic("email_open_share", 0.0, 1.0, 0.5, 1.1),
    _logistic("email_click_ratio", 0.0, 1.0, 0.5, 1.1),
    _linear("contacts_per_year", 1.7, 1.0, 0, 6),
    _linear("support_tone", 0.05, 0.28, -0.98, 0.98),
)

MEASURES = {
    "demographic": DEMOGRAPHIC,
    "behavioural": BEHAVIOURAL,
    "psychographic": PSYCHOGRAPHIC,
    "geographic": GEOGRAPHIC,
    "technographic": TECHNOGRAPHIC,
}


def measure_all(
    family: str, latents: np.ndarray, deviation: float
) -> dict[str, np.ndarray]:
    """Quantities of a family by name, from latents (people x coordinates)."""
    return {
        measure.name: measure.apply(latents[:, column] / deviation)
        for column, measure in enumerate(MEASURES[family])
    }


def department_shares(behaviour: dict[str, np.ndarray], count: int) -> np.ndarray:
    """Shares of spend (people x departments) from the contrasts between them."""
    contrasts = np.column_stack(
        [behaviour[f"department_contrast_{number}"] for number in range(1, count)]
    )
    # An orthonormal basis of what adds up to zero: no department is told apart more.
    basis = np.linalg.svd(np.eye(count) - 1 / count)[2][: count - 1]
    weights = np.exp(contrasts @ basis)
    return weights / weights.sum(axis=1, keepdims=True)
