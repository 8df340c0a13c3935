"""Alder Bank, a made-up bank: its people, accounts and plans, and who goes dormant."""

import numpy as np
import pandas as pd

from scripts.industries.banking_books import add_dirty_rows, finance_ledger
from scripts.industries.banking_conduct import (
    balances,
    dates,
    payments,
    sessions,
    transfers,
)
from scripts.industries.banking_design import (
    BALANCES,
    CUSTOMERS,
    DAYS,
    DORMANT_SHARE,
    FADING_DAYS,
    FIRST_DAY,
    KINDS,
    MERCHANTS,
    OCCUPATIONS,
    PLANS,
    REGION_SHARES,
    REGIONS,
    TRANSFERS,
    Plan,
)
from scripts.industries.company import Company, cents, drawn_index

_TOLERANCES = ("low", "medium", "high")
_HORIZONS = ("short", "medium", "long")
_KNOWLEDGE = ("none", "basic", "good")


def make_company(seed: int) -> Company:
    """Make the bank's raw tables and its answer key; a seed gives the same bytes."""
    generator = np.random.default_rng([seed, 9, 1])
    people = _people(generator)
    accounts = _accounts(generator, people)
    plans = _plans_taken(generator, people)
    tables = {
        "customers": _customers(people),
        "accounts": accounts[["account_id", "customer_id", "account_type"]],
        "products": _products(),
        "card_payments": payments(generator, people, accounts),
        "transfers": transfers(generator, people, accounts),
        "balances": balances(generator, people, accounts),
        "plans_held": plans,
        "questionnaires": _questionnaires(people),
        "sessions": sessions(generator, people),
        "service_contacts": _service_contacts(generator, people),
    }
    dirty_rows = add_dirty_rows(tables)
    tables["finance_ledger"] = finance_ledger(tables)
    answer_key = {
        "people": _people_key(people),
        "preferences": _preferences(),
        "dormancy": _dormancy(people),
        "dirty_rows": dirty_rows,
    }
    return Company(tables, answer_key)


def suits(plan: Plan, person: pd.Series) -> bool:
    """Whether a plan suits a person, their consent to marketing aside."""
    return (
        person["age"] >= 18
        and (plan.maximum_age is None or person["age"] <= plan.maximum_age)
        and all(
            not allowed or person[answer] in allowed
            for answer, allowed in (
                ("risk_tolerance", plan.risk_tolerances),
                ("investment_horizon", plan.horizons),
                ("investment_knowledge", plan.knowledge),
            )
        )
    )


def _drawn(
    generator: np.random.Generator, people: pd.DataFrame, field: str
) -> np.ndarray:
    """Draw from the shares that each person's kind has for a field."""
    return drawn_index(
        generator, np.array([getattr(KINDS[kind], field) for kind in people["kind"]])
    )


def _people(generator: np.random.Generator) -> pd.DataFrame:
    """One row per customer: kind, habits of their own, and from when they fade."""
    shares = np.tile([kind.share for kind in KINDS], (CUSTOMERS, 1))
    people = pd.DataFrame({"kind": drawn_index(generator, shares)})
    people["customer_id"] = [f"C{1001 + place}" for place in range(CUSTOMERS)]
    people["segment"] = [KINDS[kind].name for kind in people["kind"]]
    mean_age = np.array([KINDS[kind].mean_age for kind in people["kind"]])
    age = generator.normal(mean_age, 9).round().clip(18, 84)
    is_minor = generator.random(CUSTOMERS) < 0.025
    people["age"] = np.where(
        is_minor, generator.integers(14, 18, CUSTOMERS), age
    ).astype(int)
    people["region"] = np.array(REGIONS)[
        drawn_index(generator, np.tile(REGION_SHARES, (CUSTOMERS, 1)))
    ]
    people["occupation"] = np.array(OCCUPATIONS)[
        _drawn(generator, people, "occupations")
    ]
    people["household_size"] = 1 + generator.poisson(
        np.where(people["segment"] == "everyday_spenders", 2.0, 0.9)
    ).clip(0, 5)
    people["consent"] = np.array(["true", "false", ""])[
        drawn_index(generator, np.tile([0.78, 0.16, 0.06], (CUSTOMERS, 1)))
    ]
    people["registered_on"] = FIRST_DAY - pd.to_timedelta(
        generator.integers(30, 4000, CUSTOMERS), unit="D"
    )
    _answer(generator, people)
    # How much more or less than their kind: of everything a person does.
    people["pace"] = np.exp(generator.normal(0, 0.22, CUSTOMERS))
    people["wealth"] = np.exp(generator.normal(0, 0.35, CUSTOMERS))
    _fade(generator, people)
    return people


def _answer(generator: np.random.Generator, people: pd.DataFrame) -> None:
    """Let most grown-ups answer the suitability questionnaire, investors nearly all."""
    shares = np.array([KINDS[kind].answered_share for kind in people["kind"]])
    is_answered = (people["age"] >= 18) & (generator.random(CUSTOMERS) < shares)
    tolerance = _drawn(generator, people, "risk_tolerance")
    horizon = _drawn(generator, people, "horizon")
    # Who dares more mostly knows more.
    step = drawn_index(generator, np.tile([0.15, 0.5, 0.35], (CUSTOMERS, 1))) - 1
    knowledge = (tolerance + step).clip(0, 2)
    for name, levels, drawn in (
        ("risk_tolerance", _TOLERANCES, tolerance),
        ("investment_horizon", _HORIZONS, horizon),
        ("investment_knowledge", _KNOWLEDGE, knowledge),
    ):
        people[name] = np.where(is_answered, np.array(levels)[drawn], "")
    people["answered_on"] = FIRST_DAY - pd.to_timedelta(
        generator.integers(0, 600, CUSTOMERS), unit="D"
    )


def _fade(generator: np.random.Generator, people: pd.DataFrame) -> None:
    """Let some grown-ups move to another bank: day numbers, far away for the others."""
    leaves = (generator.random(CUSTOMERS) < DORMANT_SHARE) & (people["age"] >= 18)
    silent_from = generator.integers(150, DAYS + 45, CUSTOMERS)
    people["is_dormant"] = leaves
    people["silent_from"] = np.where(leaves, silent_from, 10 * DAYS)
    people["fading_from"] = people["silent_from"] - FADING_DAYS


def _accounts(generator: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    current = people[["customer_id", "kind"]].assign(account_type="current")
    shares = np.array([KINDS[kind].savings_share for kind in people["kind"]])
    has_savings = generator.random(CUSTOMERS) < shares
    savings = people.loc[has_savings, ["customer_id", "kind"]].assign(
        account_type="savings"
    )
    accounts = pd.concat([current, savings], ignore_index=True)
    accounts["account_id"] = [str(2001 + place) for place in range(len(accounts))]
    return accounts


def _plans_taken(generator: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Plans that people took, one to three each, by what their kind prefers."""
    rows = []
    for _, person in people.iterrows():
        preferences = KINDS[person["kind"]].plans
        options = [plan for plan in PLANS if suits(plan, person)]
        weights = np.array([preferences[plan.product_type] for plan in options])
        wanted = 1 + drawn_index(generator, np.array([[0.3, 0.4, 0.3]]))[0]
        last = int(min(person["fading_from"], DAYS - 1))
        for _ in range(min(wanted, len(options))):
            place = drawn_index(generator, weights[None, :])[0]
            weights[place] = 0.0
            day = FIRST_DAY + pd.Timedelta(days=int(generator.integers(0, last)))
            fee = options[place].entry_fee * generator.uniform(0.8, 1.2)
            rows.append((person["customer_id"], options[place].plan_id, day, fee))
    taken = pd.DataFrame(rows, columns=["customer_id", "plan_id", "taken_on", "fee"])
    taken = taken.sort_values(["taken_on", "customer_id", "plan_id"])
    return pd.DataFrame(
        {
            "contract_id": [f"V{10001 + place}" for place in range(len(taken))],
            "customer_id": taken["customer_id"].to_numpy(),
            "plan_id": taken["plan_id"].to_numpy(),
            "taken_on": taken["taken_on"].dt.strftime("%Y-%m-%d").to_numpy(),
            "channel": np.array(["app", "web", "store"])[
                generator.integers(0, 3, len(taken))
            ],
            "entry_fee": cents(taken["fee"].to_numpy()),
        }
    )


def _service_contacts(
    generator: np.random.Generator, people: pd.DataFrame
) -> pd.DataFrame:
    """Questions of anybody, and complaints, mostly of those who begin to fade."""
    asks = generator.random(CUSTOMERS) < 0.2
    complains = people["is_dormant"] & (generator.random(CUSTOMERS) < 0.5)
    complains |= generator.random(CUSTOMERS) < 0.04
    any_day = generator.integers(0, DAYS, CUSTOMERS)
    fading_day = people["fading_from"] + generator.integers(0, 40, CUSTOMERS)
    day = np.where(people["is_dormant"], fading_day, any_day)
    tone = generator.uniform(0.0, 0.8, CUSTOMERS)
    frames = []
    for kind, tones, days, is_chosen in (
        ("question", tone, any_day[::-1], asks),
        ("complaint", -0.3 - 0.8 * tone, day, complains),
    ):
        contacts = people[["customer_id"]].assign(kind=kind, tone=tones, day=days)
        is_seen = (days < people["silent_from"]) & (days < DAYS)
        frames.append(contacts[is_chosen & is_seen])
    contacts = pd.concat(frames, ignore_index=True).sort_values(
        ["day", "customer_id"], ignore_index=True
    )
    return pd.DataFrame(
        {
            "contact_id": [f"S{101 + place}" for place in range(len(contacts))],
            "customer_id": contacts["customer_id"],
            "opened_on": dates(contacts["day"]),
            "channel": np.array(["phone", "store"])[
                generator.integers(0, 2, len(contacts))
            ],
            "kind": contacts["kind"],
            "tone": cents(contacts["tone"]),
        }
    )


def _customers(people: pd.DataFrame) -> pd.DataFrame:
    """Core banking hands over the age in years; nobody here needs a date of birth."""
    table = people[["customer_id", "age", "region", "occupation", "household_size"]]
    table = table.rename(columns={"age": "age_years"}).astype(str)
    table["marketing_consent"] = people["consent"]
    table["registered_on"] = people["registered_on"].dt.strftime("%Y-%m-%d")
    return table


def _products() -> pd.DataFrame:
    rows = [
        (item.code, item.name.capitalize(), "card payments", item.category, item.name)
        for item in MERCHANTS
    ]
    rows += [
        (code, name.capitalize(), "transfers", "transfers", name)
        for code, (name, _, _) in TRANSFERS.items()
    ]
    rows += [
        (code, name.capitalize(), "balances", "balances", name)
        for code, (name, _) in BALANCES.items()
    ]
    lines = [(*row, "product", "", "true") for row in rows]
    lines += [
        (
            plan.plan_id,
            plan.name,
            "plans",
            plan.category,
            plan.product_type,
            "investment_plan",
            f"{plan.entry_fee:.2f}",
            "true",
        )
        for plan in PLANS
    ]
    columns = ["product_id", "product_name", "department", "category", "product_type"]
    return pd.DataFrame(
        lines, columns=[*columns, "offer_type", "unit_price", "is_active"]
    )


def _questionnaires(people: pd.DataFrame) -> pd.DataFrame:
    answered = people[people["risk_tolerance"] != ""]
    table = answered[
        [
            "customer_id",
            "risk_tolerance",
            "investment_horizon",
            "investment_knowledge",
        ]
    ].copy()
    table["answered_on"] = answered["answered_on"].dt.strftime("%Y-%m-%d")
    return table


def _people_key(people: pd.DataFrame) -> pd.DataFrame:
    suitable = [
        "|".join(plan.product_type for plan in PLANS if suits(plan, person))
        if person["consent"] == "true"
        else ""
        for _, person in people.iterrows()
    ]
    return people[["customer_id", "segment"]].assign(suitable=suitable)


def _preferences() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (kind.name, plan, f"{probability:g}")
            for kind in KINDS
            for plan, probability in kind.plans.items()
        ],
        columns=["segment", "product_type", "probability"],
    )


def _dormancy(people: pd.DataFrame) -> pd.DataFrame:
    """Who goes dormant, and when: from the first payment left out to silence."""
    dormant = people[people["is_dormant"]]
    return pd.DataFrame(
        {
            "customer_id": dormant["customer_id"].to_numpy(),
            "fading_from_on": dates(dormant["fading_from"]),
            "silent_from_on": dates(dormant["silent_from"]),
        }
    )
