"""Campaigns with randomised holdouts, weekly ads, and the orders that they cause."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.sample_company.company import DAYS
from scripts.sample_company.purchases import FADING_DAYS, FIRST_YEAR_DAYS

RESPONSE_DAYS = 14
CONTACT_COST = 0.45
CLAIMED_SHARE = 0.6  # of the orders that would have been made anyway
MEMBER_COLUMNS = ["campaign_id", "person", "account_id", "minute", "is_holdout"]


class Campaign(NamedTuple):
    """A planned contact; ``effect`` is the chance of one more order if contacted."""

    campaign_id: str
    name: str
    kind: str
    channel: str
    day: int
    members: int
    holdout_share: float
    effect: float


CAMPAIGNS = (
    Campaign("C01", "Spring trails", "postcard", "mail", 170, 240, 0.30, 0.15),
    Campaign("C02", "Harvest table", "catalogue", "mail", 262, 260, 0.25, 0.10),
    Campaign("C03", "Winter lights", "email", "email", 322, 280, 0.25, 0.0),
    Campaign("C04", "Garden opening", "email", "email", 440, 300, 0.20, 0.20),
    Campaign("C05", "Summer water", "app push", "app", 532, 260, 0.25, 0.25),
    Campaign("C06", "Autumn camp", "email", "email", 640, 300, 0.25, 0.12),
)


class ResponseCurve(NamedTuple):
    """Weekly margin in EUR of a type for a weekly spend x: ``a x / (b + x)``."""

    campaign_id: str
    segment_type: int
    a: float
    b: float


RESPONSE_CURVES = (
    ResponseCurve("ads_type_1", 0, 50.0, 45.0),
    ResponseCurve("ads_type_2", 1, 80.0, 70.0),
    ResponseCurve("ads_type_3", 2, 32.0, 20.0),
)
ADS_CHANNEL = "paid_social"
ADS_FIRST_DAY = FIRST_YEAR_DAYS + 5  # the first Monday of the second year
ADS_WEEKS = 51
ADS_MINUTE = 7 * 60  # of the Monday on which an audience is uploaded
SPEND_LEVELS = (0.0, 0.4, 1.0, 2.0, 3.5)  # multiples of the curve's b
# What an average order leaves after discount and cost of goods, EUR.
MARGIN_PER_ORDER = 36.0


def _stays(people: pd.DataFrame, day: int) -> np.ndarray:
    """Tell who buys on a day, and will for two months."""
    left = people["left"].where(people["left"] >= 0, 10 * DAYS)
    return (
        people["is_buyer"]
        & ~people["is_too_new"]
        & (people["joined"] < day)
        & (left > day + FADING_DAYS + RESPONSE_DAYS)
    ).to_numpy()


def run_campaigns(
    generator: np.random.Generator, people: pd.DataFrame, accounts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Members of every campaign, and the orders that only the contact brought."""
    members, extra = [], []
    for campaign in CAMPAIGNS:
        eligible = np.flatnonzero(
            _stays(people, campaign.day) & accounts["crm"].notna().to_numpy()
        )
        size = min(campaign.members, len(eligible))
        chosen = np.sort(generator.choice(eligible, size, replace=False))
        is_holdout = generator.random(len(chosen)) < campaign.holdout_share
        for person, held in zip(chosen, is_holdout, strict=True):
            minute = campaign.day * 1440 + 600 + int(generator.integers(0, 240))
            members.append(
                (campaign.campaign_id, person, accounts["crm"][person], minute, held)
            )
            if not held and generator.random() < campaign.effect:
                day = campaign.day + int(generator.integers(1, RESPONSE_DAYS))
                extra.append((person, day, campaign.campaign_id))
    return pd.DataFrame(members, columns=MEMBER_COLUMNS), _as_orders(extra)


def run_ads(
    generator: np.random.Generator, people: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Weekly ad spend per type, at random, and the orders that it brought."""
    spends, extra = [], []
    for curve in RESPONSE_CURVES:
        levels = generator.permutation(
            np.resize(np.array(SPEND_LEVELS) * curve.b, ADS_WEEKS)
        )
        owed = generator.random() * MARGIN_PER_ORDER
        for week, spend in enumerate(levels):
            monday = ADS_FIRST_DAY + 7 * week
            spends.append((monday, curve.campaign_id, spend))
            owed += curve.a * spend / (curve.b + spend)
            audience = np.flatnonzero(
                _stays(people, monday) & (people["type"] == curve.segment_type)
            )
            while owed >= MARGIN_PER_ORDER:
                owed -= MARGIN_PER_ORDER
                day = monday + int(generator.integers(0, 7))
                extra.append((generator.choice(audience), day, curve.campaign_id))
    costs = pd.DataFrame(spends, columns=["day", "campaign_id", "spend"])
    costs = costs.sort_values(["day", "campaign_id"], ignore_index=True)
    return costs, _as_orders(extra)


def ad_audiences(people: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Who was aimed at by the weekly ads: CRM accounts, on their first Monday there.

    Nothing is drawn: it follows from the population to which ``run_ads`` advertises.
    """
    has_account = accounts["crm"].notna().to_numpy()
    members = []
    for curve in RESPONSE_CURVES:
        is_missing = has_account & (people["type"] == curve.segment_type).to_numpy()
        for week in range(ADS_WEEKS):
            monday = ADS_FIRST_DAY + 7 * week
            is_new = is_missing & _stays(people, monday)
            is_missing &= ~is_new
            members += [
                (
                    curve.campaign_id,
                    person,
                    accounts["crm"][person],
                    monday * 1440 + ADS_MINUTE,
                    False,
                )
                for person in np.flatnonzero(is_new)
            ]
    return pd.DataFrame(members, columns=MEMBER_COLUMNS)


def _as_orders(extra: list[tuple]) -> pd.DataFrame:
    orders = pd.DataFrame(extra, columns=["person", "day", "cause"])
    return orders.assign(year=(orders["day"] >= FIRST_YEAR_DAYS).astype(int))


def make_responses(
    generator: np.random.Generator, members: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """Orders of contacted members that name the campaign, caused by it or not."""
    contacted = members[~members["is_holdout"]]
    pairs = contacted.merge(
        orders.rename(columns={"minute": "order_minute"}), on="person"
    )
    since = pairs["at"] - pairs["minute"]
    is_near = (since > 0) & (since <= RESPONSE_DAYS * 1440)
    is_caused = pairs["cause"] == pairs["campaign_id"]
    is_claimed = (pairs["cause"] == "") & (generator.random(len(pairs)) < CLAIMED_SHARE)
    responses = pairs[is_near & (is_caused | is_claimed)]
    return responses.sort_values(["campaign_id", "account_id", "at"])[
        ["campaign_id", "account_id", "at", "order_id"]
    ].reset_index(drop=True)
