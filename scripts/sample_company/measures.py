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
    _logistic("detached_house_share", 0, 1, 0.4, decimals=2),
    _linear("commute_minutes", 32, 8, 0, 90),
    _logistic("green_area_share", 0, 1, 0.45, decimals=2),
    _exponential("rent_per_sqm", 12.5, 0.25, 2),
    _linear("transit_departures_per_hour", 38, 11, 0, 99),
    _linear("noise_level_db", 54, 5, 30, 80, 1),
    _linear("building_age_years", 48, 13, 0, 120),
    _exponential("school_distance_km", 1.6, 0.35, 2),
    _exponential("motorway_distance_km", 7, 0.40, 1),
    _linear("restaurants_within_1km", 34, 10, 0, 99),
    _linear("traffic_per_hour", 640, 170, 0, 2000),
    _linear("cars_per_household", 1.3, 0.32, 0, 4, 2),
    _linear("sunshine_hours_per_year", 1680, 120, 1000, 2500),
    _exponential("store_distance_km", 25, 0.9),
    _linear("home_store_share", 0.68, 0.11, 0.4, 0.88),
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
    _linear("connected_device_count", 11, 2.9, 0, 40),
    _linear("pixel_density_ppi", 340, 62, 90, 700),
    _logistic("mobile_share", 0.05, 0.95, 0.55, 1.0),
    _logistic("app_share", -0.1, 0.7, 0.27, 1.0),
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
    _linear("deal_seeking_share", 0.56, 0.17, 0.15, 0.97),
)

# Every third coordinate is a department's weight: over these the directions of the
# segments add up to zero, so that shares, which add up to one, lose nothing of them.
# What multiplies, such as orders and their size, lies a sixth or half of the way apart,
# where the directions are unrelated.
BEHAVIOURAL = (
    _linear("department_weight_1", 0, 0.46),
    _linear("orders_per_year", 7.6, 2.0, 3, 17),
    _linear("evening_share", 0.45, 0.2, 0, 1),
    _linear("department_weight_2", 0, 0.46),
    _linear("pages_per_visit", 8, 2.5, 1.2, 20),
    # What a year's spend is comes from the size of orders more than from their number.
    _exponential("order_amount", 74, 0.55),
    _linear("department_weight_3", 0, 0.46),
    _linear("email_open_share", 0.6, 0.2, 0.05, 1),
    _linear("discount_share", 0.12, 0.045, 0.005, 0.3),
    _linear("department_weight_4", 0, 0.46),
    _linear("support_tone", 0.1, 0.28, -0.98, 0.98),
    _linear("email_click_ratio", 0.5, 0.22, 0, 1),
    _linear("department_weight_5", 0, 0.46),
    _linear("product_types_per_year", 11, 2.7, 4, 22),
    _linear("weekend_share", 0.42, 0.19, 0, 1),
    _linear("department_weight_6", 0, 0.46),
    _linear("web_visits_per_year", 5.7, 1.9, 1, 15),
    _linear("units_per_order", 3.6, 1.0, 1.05, 9),
    _linear("department_weight_7", 0, 0.46),
    _linear("private_label_share", 0.46, 0.2, 0, 1),
    _linear("contacts_per_year", 2.3, 1.3, 0.5, 6),
    _linear("department_weight_8", 0, 0.46),
    _linear("interval_variation", 0.65, 0.25, 0.08, 1.4),
    _linear("minutes_per_visit", 7, 2.3, 0.5, 20),
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
    """Shares of spend (people x departments) from the weights of the departments."""
    weights = np.exp(
        np.column_stack(
            [behaviour[f"department_weight_{number}"] for number in range(1, count + 1)]
        )
    )
    return weights / weights.sum(axis=1, keepdims=True)
