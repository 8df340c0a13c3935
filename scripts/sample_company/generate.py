"""Everything in order: people, records, purchases, visits, dirty rows, answer key."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.sample_company.company import (
    FIRST_DAY,
    LAST_DAY,
    POSTAL_AREAS,
    STORES,
    TIMEZONE,
    make_products,
)
from scripts.sample_company.contacts import Contacts, make_contacts
from scripts.sample_company.design import adjusted_rand, guess_segments, guess_types
from scripts.sample_company.digital import (
    make_mail,
    make_mentions,
    make_support,
    make_survey,
    make_survey_items,
    make_visits,
    plan_contacts,
    uses_app,
)
from scripts.sample_company.dirty import add_dirty_rows
from scripts.sample_company.ledger import (
    book,
    finance_ledger,
    good_contacts,
    ledger_by_currency,
    margins,
    marketing_costs,
    total,
)
from scripts.sample_company.marketing import (
    ADS_CHANNEL,
    CAMPAIGNS,
    CONTACT_COST,
    RESPONSE_CURVES,
    RESPONSE_DAYS,
    ad_audiences,
    make_responses,
    run_ads,
    run_campaigns,
)
from scripts.sample_company.measures import MEASURES, measure_all
from scripts.sample_company.people import (
    Population,
    day,
    draw_sliding_segment,
    make_population,
)
from scripts.sample_company.purchases import (
    SLIDE_DAY,
    SLIDE_ORDER_RATIO,
    guest_orders,
    make_habits,
    make_lines,
    make_returns,
    place_orders,
    plan_orders,
    time_orders,
)

# Columns of the CRM's profiles; the rest of the measures shows in behaviour.
PROFILE_FAMILIES = ("demographic", "geographic", "technographic")
NOT_IN_PROFILES = ("store_distance_km", "home_store_share", "mobile_share", "app_share")
GENDERS = ("female", "male", "diverse")
HOME_OWNERSHIPS = ("owner", "tenant")
FIRST_RATES = {"GBP": 1.1540, "CHF": 1.0760}
DAILY_RATE_DEVIATION = 0.003
HOLIDAYS = ("2024-01-01", "2024-12-25", "2025-01-01", "2025-12-25")


class Company(NamedTuple):
    """Raw tables by seed name without ``sample_``, and the answer key by file name."""

    tables: dict[str, pd.DataFrame]
    answer_key: dict[str, pd.DataFrame]


def utc_text(minutes: pd.Series) -> pd.Series:
    """Local minutes since the first day as ISO text in UTC."""
    local = FIRST_DAY + pd.to_timedelta(minutes.to_numpy(), unit="min")
    zoned = pd.DatetimeIndex(local).tz_localize(
        TIMEZONE, ambiguous=True, nonexistent="shift_forward"
    )
    return pd.Series(
        zoned.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ"), index=minutes.index
    )


def cents_text(cents: pd.Series) -> pd.Series:
    """Whole cents as an amount with two decimals."""
    return cents.map(lambda value: f"{Decimal(int(value)).scaleb(-2):.2f}")


def _number_text(values: np.ndarray, decimals: int) -> list[str]:
    return [f"{value:.{decimals}f}" for value in values]


def make_profiles(
    generator: np.random.Generator,
    population: Population,
    measured: dict[str, dict[str, np.ndarray]],
    contacts: Contacts,
) -> pd.DataFrame:
    """One row per CRM account: what was asked, bought in or read off the devices."""
    people = population.people
    columns: dict[str, object] = {
        "account_id": contacts.accounts["crm"],
        "minute": people["joined"] * 1440
        + 900
        + generator.integers(0, 300, len(people)),
    }
    # A mild lean of two segments; otherwise gender says nothing about a person.
    lean = np.where(people["demographic"] < 2, 0.56, 0.48)
    draws = generator.random(len(people))
    columns["gender"] = np.select(
        [draws < 0.02, draws < 0.02 + lean], [GENDERS[2], GENDERS[0]], GENDERS[1]
    )
    size = measured["demographic"]["home_size_sqm"]
    owns = generator.random(len(people)) < 1 / (1 + np.exp(-(size - 95) / 22))
    columns["home_ownership"] = np.where(owns, *HOME_OWNERSHIPS)
    for family in PROFILE_FAMILIES:
        for measure in MEASURES[family]:
            if measure.name not in NOT_IN_PROFILES:
                columns[measure.name] = _number_text(
                    measured[family][measure.name], measure.decimals
                )
    profiles = pd.DataFrame(columns)
    return profiles[profiles["account_id"].notna()].reset_index(drop=True)


def make_rates(generator: np.random.Generator) -> pd.DataFrame:
    """Rates of the business days: random walks."""
    days = pd.bdate_range(FIRST_DAY, LAST_DAY)
    days = days[~days.isin(pd.to_datetime(list(HOLIDAYS)))]
    rows = []
    for currency, first in FIRST_RATES.items():
        steps = generator.normal(0, DAILY_RATE_DEVIATION, len(days))
        # Pulled back to the first rate, so that two years stay realistic.
        level, levels = 0.0, []
        for step in steps:
            level = 0.97 * level + step
            levels.append(first * np.exp(level))
        rows += [
            (date.strftime("%Y-%m-%d"), currency, f"{rate:.5f}")
            for date, rate in zip(days, levels, strict=True)
        ]
    rates = pd.DataFrame(
        rows, columns=["rate_on", "currency_code", "rate_to_reporting"]
    )
    return rates.sort_values(["rate_on", "currency_code"], ignore_index=True)


def oracles(population: Population) -> pd.DataFrame:
    """What a classifier that knows the parameters reaches on this sample."""
    people, latents, designs = population.people, population.latents, population.designs
    reached = {
        family: adjusted_rand(
            people[family].to_numpy(), guess_segments(latents[family], design)
        )
        for family, design in designs.items()
    }
    reached["combined"] = adjusted_rand(
        people["type"].to_numpy(), guess_types(latents, designs)
    )
    return pd.DataFrame(
        {
            "segmentation": list(reached),
            "adjusted_rand": [f"{value:.6f}" for value in reached.values()],
        }
    )


def people_key(population: Population) -> pd.DataFrame:
    """The planted truth about every person."""
    people = population.people

    def dates(column: str) -> pd.Series:
        return people[column].map(
            lambda number: day(number).strftime("%Y-%m-%d") if number >= 0 else ""
        )

    has_drifted = people["drifted"] >= 0
    key = pd.DataFrame({"person_id": people["person_id"]})
    for family in population.designs:
        key[f"{family}_segment"] = people[family] + 1
    key["type"] = people["type"] + 1
    key["is_buyer"] = people["is_buyer"]
    key["is_too_new"] = people["is_too_new"]
    key["is_survey_usable"] = people["answers_survey"] & ~people["is_straight_liner"]
    key["drift_from"] = (people["drift_from"] + 1).where(has_drifted).astype("Int64")
    key["drift_to"] = (people["behavioural"] + 1).where(has_drifted).astype("Int64")
    key["drift_on"] = dates("drifted")
    key["left_on"] = dates("left")
    for column in ("is_buyer", "is_too_new", "is_survey_usable"):
        key[column] = key[column].map({True: "true", False: "false"})
    return key


def slides_key(sliding_segment: int | None) -> pd.DataFrame:
    """The planted slide: who orders how much less than before, and since when."""
    columns = ["segmentation", "segment", "slide_on", "order_ratio"]
    rows = []
    if sliding_segment is not None:
        since = day(SLIDE_DAY).strftime("%Y-%m-%d")
        rows = [("geographic", sliding_segment + 1, since, SLIDE_ORDER_RATIO)]
    return pd.DataFrame(rows, columns=columns)


def make_company(seed: int, with_slide: bool = True) -> Company:
    """Draw the whole company from one seed."""
    *most, last = np.random.default_rng(seed).spawn(17)
    streams = iter(most)
    sliding_segment = draw_sliding_segment(last) if with_slide else None
    population = make_population(next(streams))
    people = population.people
    measured = {
        family: measure_all(family, population.habits[family], design.deviation)
        for family, design in population.designs.items()
    }
    earlier = measure_all(
        "behavioural",
        population.earlier_behaviour,
        population.designs["behavioural"].deviation,
    )
    both_years = (earlier, measured["behavioural"])
    tickets_planned = plan_contacts(people, both_years)
    contacts = make_contacts(
        next(streams),
        people,
        measured["geographic"]["store_distance_km"],
        uses_app(measured["technographic"]),
        (tickets_planned.sum(axis=1) > 0) | (people["left"] >= 0).to_numpy(),
    )
    accounts = contacts.accounts

    orders, lines, returns, members, ad_costs = _make_purchases(
        streams, people, measured, both_years, accounts, sliding_segment
    )
    responses = make_responses(next(streams), members, orders[orders["person"] >= 0])
    web, app = make_visits(
        next(streams),
        people,
        accounts,
        measured["behavioural"],
        measured["technographic"],
    )
    consents, mails = make_mail(
        next(streams), people, accounts, measured["behavioural"]
    )
    tickets = make_support(next(streams), people, accounts, tickets_planned, both_years)
    mentions = make_mentions(next(streams), people, accounts)
    answers = make_survey(next(streams), people, accounts, measured["psychographic"])
    answers = contacts.tables["survey"].merge(answers, on="respondent_id")

    tables = {
        "crm_accounts": _timed(contacts.tables["crm"], "created_at"),
        "crm_profiles": _timed(
            make_profiles(next(streams), population, measured, contacts),
            "minute",
            "updated_at",
        ),
        "shop_accounts": _timed(contacts.tables["shop"], "registered_at"),
        **_sales_tables(orders, lines, returns),
        "products": _product_table(),
        "stores": pd.DataFrame(STORES),
        "postal_areas": pd.DataFrame(POSTAL_AREAS).drop(columns="city"),
        "web_sessions": _timed(web, "minute", "started_at"),
        "app_users": _timed(contacts.tables["app"], "installed_at"),
        "app_sessions": _timed(app, "minute", "started_at"),
        "mail_subscribers": _timed(contacts.tables["mail"], "subscribed_at"),
        "mail_consents": _timed(consents, "minute", "changed_at"),
        "mail_events": _timed(mails, "minute", "sent_at"),
        "support_tickets": _timed(tickets, "minute", "opened_at"),
        "support_requesters": contacts.tables["support"],
        "social_mentions": _timed(mentions, "minute", "posted_at"),
        "survey_answers": _timed(answers, "minute", "answered_at"),
        "survey_items": make_survey_items(),
        "exchange_rates": make_rates(next(streams)),
        **_campaign_tables(
            members, ad_audiences(people, accounts), responses, ad_costs
        ),
    }
    tables = {
        name: table[COLUMNS[name]].astype(str) if name in COLUMNS else table.astype(str)
        for name, table in tables.items()
    }
    dirty_rows = add_dirty_rows(tables)
    booked = book(tables, dirty_rows)
    tables["finance_ledger"] = finance_ledger(booked)
    answer_key = {
        "people": people_key(population),
        "slides": slides_key(sliding_segment),
        "records": contacts.records.sort_values("customer_id", ignore_index=True),
        "dirty_rows": dirty_rows,
        "ledger_by_currency": ledger_by_currency(booked),
        "margins": margins(booked),
        "marketing_costs": marketing_costs(tables),
        **_campaign_keys(orders, booked, tables["campaign_members"]),
        "response_curves": pd.DataFrame(
            [
                (curve.campaign_id, curve.segment_type + 1, curve.a, curve.b)
                for curve in RESPONSE_CURVES
            ],
            columns=["campaign_id", "type", "a", "b"],
        ),
        "oracles": oracles(population),
    }
    return Company(tables, answer_key)


COLUMNS = {
    "web_sessions": (
        "session_id device_id shop_id started_at duration_seconds page_count "
        "device_type operating_system"
    ).split(),
    "app_sessions": (
        "session_id app_user_id started_at duration_seconds page_count device_type "
        "operating_system"
    ).split(),
    "mail_events": "subscriber_id message_id sent_at interaction_type".split(),
    "support_tickets": (
        "ticket_id requester_id opened_at channel duration_seconds sentiment_score"
    ).split(),
    "social_mentions": (
        "mention_id handle posted_at sentiment_score reach_count"
    ).split(),
    "survey_answers": [
        *("respondent_id", "email", "answered_at"),
        *(f"q{number}" for number in range(1, 19)),
    ],
}


def _timed(table: pd.DataFrame, minutes: str, name: str = "") -> pd.DataFrame:
    texts = utc_text(table[minutes])
    return table.assign(**{minutes: texts}).rename(columns={minutes: name or minutes})


def _make_purchases(
    streams, people, measured, both_years, accounts, sliding_segment
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    years = tuple(
        make_habits(habits, measured["psychographic"], measured["geographic"])
        for habits in both_years
    )
    members, by_campaigns = run_campaigns(next(streams), people, accounts)
    ad_costs, by_ads = run_ads(next(streams), people)
    caused = pd.concat([by_campaigns, by_ads], ignore_index=True)
    is_sliding = (people["geographic"] == sliding_segment).to_numpy()
    own = plan_orders(next(streams), people, years, caused, is_sliding)
    generator = next(streams)
    orders = pd.concat([own, caused], ignore_index=True)
    orders = time_orders(generator, orders, years)
    orders = place_orders(
        generator,
        orders,
        people,
        accounts["store_id"],
        measured["geographic"]["home_store_share"],
    )
    lines = make_lines(generator, orders, make_products(), years, len(people))
    guests, guest_lines = guest_orders(generator, orders, lines)
    orders = pd.concat([orders, guests])
    lines = pd.concat([lines, guest_lines], ignore_index=True)
    orders["at"] = orders["day"] * 1440 + orders["minute"]
    orders["shop_id"] = [
        _account_of(generator, accounts["shop_ids"][person]) if person >= 0 else ""
        for person in orders["person"]
    ]
    ranked = orders.sort_values(["at", "shop_id", "cause", "store_id"], kind="stable")
    numbers = pd.Series(
        [f"{number:05d}" for number in range(10_001, 10_001 + len(ranked))],
        index=ranked.index,
    )
    orders["order_id"] = numbers
    orders = orders.sort_values("order_id")
    lines["order_id"] = lines["order"].map(orders["order_id"])
    lines = lines.sort_values(["order_id", "product_id", "gross"], ignore_index=True)
    lines["line_number"] = lines.groupby("order_id").cumcount() + 1
    returns = make_returns(generator, orders, lines)
    return orders, lines, returns, members, ad_costs


def _account_of(generator: np.random.Generator, shop_ids: tuple[str, ...]) -> str:
    return shop_ids[generator.integers(len(shop_ids))]


def _sales_tables(
    orders: pd.DataFrame, lines: pd.DataFrame, returns: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    amounts = ["gross", "discount", "net", "cost"]
    named = {name: f"{name}_amount" for name in amounts}

    def priced(frame: pd.DataFrame) -> pd.DataFrame:
        texts = {name: cents_text(frame[name]) for name in amounts}
        return frame.assign(**texts).rename(columns=named)

    of_order = returns["order"]
    returned = returns.assign(
        shop_id=of_order.map(orders["shop_id"]),
        store_id=of_order.map(orders["store_id"]),
        currency_code=of_order.map(orders["currency_code"]),
        returned_at=returns["day"] * 1440 + of_order.map(orders["minute"]),
    ).sort_values(["returned_at", "order_id", "product_id", "line_number"])
    returned["return_id"] = [f"R{number:04d}" for number in range(1, len(returned) + 1)]
    return {
        "shop_orders": _timed(orders, "at", "ordered_at")[
            [
                *("order_id", "shop_id", "ordered_at"),
                *("currency_code", "channel", "store_id"),
            ]
        ],
        "shop_lines": priced(lines)[
            ["order_id", "line_number", "product_id", "quantity", *named.values()]
        ],
        "shop_returns": priced(_timed(returned, "returned_at"))[
            [
                *("return_id", "order_id", "shop_id", "product_id", "returned_at"),
                *("currency_code", "store_id", "quantity", *named.values()),
            ]
        ],
    }


def _product_table() -> pd.DataFrame:
    products = make_products()
    return products.assign(
        unit_price=products["unit_price"].map("{:.2f}".format),
        unit_cost=products["unit_cost"].map("{:.2f}".format),
        is_active="true",
    )


def _campaign_tables(
    members: pd.DataFrame,
    audiences: pd.DataFrame,
    responses: pd.DataFrame,
    ad_costs: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    campaigns = [
        (
            campaign.campaign_id,
            campaign.name,
            campaign.kind,
            campaign.channel,
            day(campaign.day),
            day(campaign.day + RESPONSE_DAYS),
        )
        for campaign in CAMPAIGNS
    ]
    campaigns += [
        (
            curve.campaign_id,
            f"Audience ads, type {curve.segment_type + 1}",
            "audience ads",
            ADS_CHANNEL,
            day(ad_costs["day"].min()),
            day(ad_costs["day"].max() + 6),
        )
        for curve in RESPONSE_CURVES
    ]
    columns = "campaign_id campaign_name campaign_type channel started_on ended_on"
    contacts = pd.concat(
        [members.assign(cost=CONTACT_COST), audiences.assign(cost=0.0)],
        ignore_index=True,
    )
    is_holdout = contacts["is_holdout"].astype(bool)
    return {
        "campaigns": pd.DataFrame(campaigns, columns=columns.split()),
        "campaign_members": pd.DataFrame(
            {
                "campaign_id": contacts["campaign_id"],
                "account_id": contacts["account_id"],
                "contacted_at": utc_text(contacts["minute"]).mask(is_holdout, ""),
                "is_holdout": is_holdout.map({True: "true", False: "false"}),
                "cost_amount": contacts["cost"]
                .mask(is_holdout, 0)
                .map("{:.2f}".format),
            }
        ),
        "campaign_responses": _timed(responses, "at", "responded_at")[
            ["campaign_id", "account_id", "responded_at", "order_id"]
        ],
        "ad_costs": pd.DataFrame(
            {
                "cost_on": ad_costs["day"].map(
                    lambda number: f"{day(number):%Y-%m-%d}"
                ),
                "campaign_id": ad_costs["campaign_id"],
                "channel": ADS_CHANNEL,
                "cost_amount": ad_costs["spend"].map("{:.2f}".format),
            }
        ),
    }


def _campaign_keys(
    orders: pd.DataFrame, booked: pd.DataFrame, members: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """What each campaign caused: true incremental orders, revenue and margin in EUR."""
    good = booked[booked["is_good"]]
    good = good.assign(
        margin=good["net_reporting_amount"] - good["cost_reporting_amount"]
    )
    of_orders = good.groupby("order_id")[["net_reporting_amount", "margin"]].agg(total)
    contacts = good_contacts(members)
    is_holdout = contacts["is_holdout"] == "true"
    sizes = is_holdout.groupby(contacts["campaign_id"]).agg(["size", "sum"])
    campaigns, effects = [], []
    shares = {campaign.campaign_id: campaign.effect for campaign in CAMPAIGNS}
    for name in [*shares, *(curve.campaign_id for curve in RESPONSE_CURVES)]:
        caused = orders.loc[orders["cause"] == name, "order_id"]
        revenue, margin = (
            str(total(of_orders[column].reindex(caused))) for column in of_orders
        )
        # Ads act by their weekly spend, as the response curves say.
        effect = shares.get(name, "")
        campaigns.append((name, effect, len(caused), revenue))
        members_count, held = sizes.loc[name]
        effects.append((name, members_count - held, held, effect, len(caused), margin))
    columns = "campaign_id effect incremental_orders incremental_revenue_amount"
    effect_columns = "campaign_id contacted holdout effect caused_orders"
    return {
        "campaigns": pd.DataFrame(campaigns, columns=columns.split()),
        "campaign_effects": pd.DataFrame(
            effects, columns=[*effect_columns.split(), "caused_margin_amount"]
        ),
    }
