"""What Larkfield is: its calendar, countries, stores, postal areas and assortment."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

FIRST_DAY = pd.Timestamp("2024-01-01")
LAST_DAY = pd.Timestamp("2025-12-31")
YEAR_START = pd.Timestamp("2025-01-01")  # the last 365 days begin here
DAYS = (LAST_DAY - FIRST_DAY).days + 1
TIMEZONE = "Europe/Berlin"
REPORTING_CURRENCY = "EUR"
PRIVATE_LABEL = "Larkfield"

CURRENCIES = {"DE": "EUR", "GB": "GBP", "CH": "CHF"}
# Shelf prices abroad are the German ones times this, whatever the rate of the day.
PRICE_FACTORS = {"EUR": 1.0, "GBP": 0.85, "CHF": 0.95}
COUNTRY_SHARES = {"DE": 0.5, "GB": 0.28, "CH": 0.22}


class Store(NamedTuple):
    """A shop of bricks."""

    store_id: str
    city: str
    country_code: str
    latitude: float
    longitude: float


class PostalArea(NamedTuple):
    """The places whose postal codes begin alike."""

    country_code: str
    postal_prefix: str
    postal_region: str
    latitude: float
    longitude: float
    city: str


STORES = (
    Store("ST01", "Hamburg", "DE", 53.55, 9.99),
    Store("ST02", "Berlin", "DE", 52.52, 13.40),
    Store("ST03", "Leipzig", "DE", 51.34, 12.37),
    Store("ST04", "Cologne", "DE", 50.94, 6.96),
    Store("ST05", "Munich", "DE", 48.14, 11.58),
    Store("ST06", "London", "GB", 51.51, -0.13),
    Store("ST07", "Manchester", "GB", 53.48, -2.24),
    Store("ST08", "Zurich", "CH", 47.38, 8.54),
    Store("ST09", "Geneva", "CH", 46.20, 6.14),
    Store("ST10", "Frankfurt", "DE", 50.11, 8.68),
    Store("ST11", "Bristol", "GB", 51.45, -2.59),
    Store("ST12", "Bern", "CH", 46.95, 7.45),
)

POSTAL_AREAS = tuple(
    PostalArea(*row)
    for row in (
        ("DE", "20", "Germany North", 53.56, 10.00, "Hamburg"),
        ("DE", "21", "Germany North", 53.40, 10.20, "Winsen"),
        ("DE", "23", "Germany North", 53.87, 10.69, "Luebeck"),
        ("DE", "24", "Germany North", 54.32, 10.13, "Kiel"),
        ("DE", "28", "Germany North", 53.08, 8.80, "Bremen"),
        ("DE", "18", "Germany North", 54.09, 12.10, "Rostock"),
        ("DE", "10", "Germany North", 52.52, 13.41, "Berlin"),
        ("DE", "14", "Germany North", 52.40, 13.06, "Potsdam"),
        ("DE", "04", "Germany South", 51.34, 12.38, "Leipzig"),
        ("DE", "06", "Germany South", 51.48, 11.97, "Halle"),
        ("DE", "01", "Germany South", 51.05, 13.74, "Dresden"),
        ("DE", "50", "Germany South", 50.94, 6.95, "Cologne"),
        ("DE", "53", "Germany South", 50.73, 7.10, "Bonn"),
        ("DE", "60", "Germany South", 50.11, 8.68, "Frankfurt"),
        ("DE", "70", "Germany South", 48.78, 9.18, "Stuttgart"),
        ("DE", "80", "Germany South", 48.14, 11.57, "Munich"),
        ("DE", "85", "Germany South", 48.40, 11.75, "Freising"),
        ("DE", "86", "Germany South", 48.37, 10.90, "Augsburg"),
        ("DE", "90", "Germany South", 49.45, 11.08, "Nuremberg"),
        ("DE", "79", "Germany South", 47.99, 7.84, "Freiburg"),
        ("GB", "N", "United Kingdom", 51.56, -0.11, "London"),
        ("GB", "CR", "United Kingdom", 51.37, -0.10, "Croydon"),
        ("GB", "RG", "United Kingdom", 51.45, -0.97, "Reading"),
        ("GB", "BN", "United Kingdom", 50.83, -0.14, "Brighton"),
        ("GB", "B", "United Kingdom", 52.48, -1.89, "Birmingham"),
        ("GB", "M", "United Kingdom", 53.48, -2.23, "Manchester"),
        ("GB", "SK", "United Kingdom", 53.41, -2.16, "Stockport"),
        ("GB", "L", "United Kingdom", 53.41, -2.98, "Liverpool"),
        ("GB", "NE", "United Kingdom", 54.98, -1.61, "Newcastle"),
        ("GB", "EX", "United Kingdom", 50.72, -3.53, "Exeter"),
        ("CH", "80", "Switzerland", 47.38, 8.54, "Zurich"),
        ("CH", "84", "Switzerland", 47.50, 8.72, "Winterthur"),
        ("CH", "60", "Switzerland", 47.05, 8.31, "Lucerne"),
        ("CH", "40", "Switzerland", 47.56, 7.59, "Basel"),
        ("CH", "30", "Switzerland", 46.95, 7.45, "Bern"),
        ("CH", "10", "Switzerland", 46.52, 6.63, "Lausanne"),
        ("CH", "12", "Switzerland", 46.21, 6.14, "Geneva"),
        ("CH", "70", "Switzerland", 46.85, 9.53, "Chur"),
    )
)

# Department -> product types with a shelf price in EUR for the smallest size.
ASSORTMENT = {
    "Camping": {
        **{"Tents": 8, "Sleeping bags": 6, "Stoves": 5},
        **{"Lanterns": 4, "Mats": 5, "Cookware": 4},
    },
    "Hiking": {
        **{"Boots": 8, "Backpacks": 6, "Trekking poles": 5},
        **{"Bottles": 4, "Rain jackets": 7, "Socks": 4},
    },
    "Cycling": {
        **{"Helmets": 7, "Panniers": 6, "Lights": 4},
        **{"Inner tubes": 4, "Locks": 5, "Saddles": 6},
    },
    "Water": {
        **{"Paddles": 8, "Wetsuits": 7, "Dry bags": 4},
        **{"Goggles": 4, "Life vests": 6, "Fins": 5},
    },
    "Garden": {
        **{"Hedge trimmers": 8, "Planters": 5, "Hand tools": 4},
        **{"Seeds": 4, "Hoses": 6, "Parasols": 7},
    },
    "Kitchen": {
        **{"Cast iron": 7, "Knives": 6, "Storage jars": 4},
        **{"Tea towels": 4, "Kettles": 7, "Baking tins": 4},
    },
    "Bedroom": {
        **{"Duvets": 8, "Pillows": 5, "Sheets": 6},
        **{"Candles": 4, "Blankets": 6, "Lamps": 7},
    },
    "Workshop": {
        **{"Drills": 8, "Saws": 6, "Paint": 5},
        **{"Fixings": 4, "Ladders": 7, "Gloves": 4},
    },
}
SIZES = {
    **{"mini": 1.0, "small": 1.7, "medium": 2.8},
    **{"large": 4.6, "extra": 7.6, "grand": 12.5},
}
OTHER_BRANDS = ("Brackwater", "Tarn & Co", "Oakhurst", "Fellside")


def departments() -> list[str]:
    """Names of the departments, in their order."""
    return list(ASSORTMENT)


def make_products() -> pd.DataFrame:
    """One row per product; each type comes in two brands and three sizes."""
    rows = []
    for number, (department, types) in enumerate(ASSORTMENT.items()):
        for position, (product_type, price) in enumerate(types.items()):
            other = OTHER_BRANDS[(number + position) % len(OTHER_BRANDS)]
            for brand, level, cost_share in (
                (PRIVATE_LABEL, 0.9, 0.45),
                (other, 1.1, 0.60),
            ):
                for size, multiple in SIZES.items():
                    unit_price = round(price * level * multiple) - 0.05
                    rows.append(
                        {
                            "product_id": f"{len(rows) + 1:03d}",
                            "product_name": f"{brand} {product_type} {size}",
                            "department": department,
                            "category": "Outdoor" if number < 4 else "Home",
                            "product_type": product_type,
                            "brand": brand,
                            "unit_price": round(unit_price, 2),
                            "unit_cost": round(unit_price * cost_share, 2),
                            "is_active": True,
                        }
                    )
    return pd.DataFrame(rows)


def distance_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Great-circle distance (haversine)."""
    here, there = (
        np.radians([latitude, longitude]),
        np.radians([other_latitude, other_longitude]),
    )
    half = np.sin((there - here) / 2) ** 2
    share = half[0] + np.cos(here[0]) * np.cos(there[0]) * half[1]
    return float(2 * 6371 * np.arcsin(np.sqrt(share)))


@cache
def nearest_store(area: PostalArea) -> tuple[str, float]:
    """Nearest store of the own country, and how far it is in km."""
    distances = {
        store.store_id: distance_km(*area[3:5], *store[3:5])
        for store in STORES
        if store.country_code == area.country_code
    }
    store_id = min(distances, key=distances.get)
    return store_id, distances[store_id]
