"""A made-up group of outpatient clinics that keeps no name and no address."""

import numpy as np
import pandas as pd

from scripts.industries.company import Company, cents, drawn_index
from scripts.industries.healthcare_design import (
    BY_APPOINTMENT,
    CONDITIONS,
    COPAYMENT,
    FORMS,
    HABITS,
    HOSPITAL_DAY,
    LAST_DAY,
    LONG_TERM,
    ON_THE_TELEPHONE,
    PRIVATE_FACTOR,
    SERVICES,
    SHORT_TERM,
    WITH_A_VISIT,
    plan_type,
    preferences,
)
from scripts.industries.healthcare_dirt import spoil
from scripts.industries.healthcare_episodes import make_appointments, make_stays
from scripts.industries.healthcare_people import (
    make_patients,
    make_problems,
    shown,
    spread_days,
    visit_time,
    years_with_us,
)
from scripts.industries.healthcare_tables import (
    appointment_table,
    book_table,
    discharge_table,
    finance_ledger,
    outcome_key,
    patient_table,
    plan_table,
    service_table,
)


def make_company(seed: int) -> Company:
    """Make the clinics of a seed: the same seed, the same bytes."""
    # One generator per system: more rows of one leave the others as they are.
    drawn = [np.random.default_rng([seed, system]) for system in range(10)]
    patients = make_patients(drawn[0])
    problems = make_problems(drawn[1], patients)
    visits = make_visits(drawn[2], patients)
    points = (2 * problems.groupby("patient_no").size()).clip(upper=8)
    emergencies = visits[visits["service"] == "EM"]
    # Who has left has no appointment and no letter of discharge.
    here = patients[patients["ends_on"] == LAST_DAY].reset_index(drop=True)
    stays = make_stays(drawn[3], here, points, emergencies)
    by_appointment = visits[visits["service"].isin(BY_APPOINTMENT)]
    kept = by_appointment[drawn[4].random(len(by_appointment)) < 0.5]
    kept = kept.assign(is_remote=kept["service"].isin(ON_THE_TELEPHONE))
    kept = kept[["patient_no", "occurred_at", "is_remote"]]
    appointments, latest = make_appointments(drawn[4], patients, here, stays, kept)
    enrolments = make_enrolments(drawn[5], patients, problems)
    tables = {
        "patients": patient_table(patients),
        "icd10_groups": pd.DataFrame(
            [
                (code, group)
                for group, (_, codes) in CONDITIONS.items()
                for code in codes
            ],
            columns=["icd10_group", "condition_group"],
        ),
        "problems": problems[["patient_no", "icd10_group", "since_on"]],
        "services": service_table(),
        "care_plans": plan_table(),
        "billing_lines": billing_lines(patients, visits, stays),
        "dispensary_fills": make_fills(drawn[6], patients, problems),
        "enrolments": enrolments,
        "appointments": appointment_table(appointments),
        "appointment_book": book_table(latest),
        "discharges": discharge_table(stays),
        "sessions": make_sessions(drawn[7], patients),
        "calls": make_calls(drawn[8], patients),
        "survey_answers": make_answers(drawn[9], patients),
    }
    dirty = spoil(tables)
    tables["finance_ledger"] = finance_ledger(tables)
    suitable = patients["patient_no"].map(suitable_groups(patients, problems))
    answer_key = {
        # Groups instead of plans: the key stays small, and each group has every form.
        "people": pd.DataFrame(
            {
                "customer_id": patients["patient_no"],
                "segment": patients["segment"],
                "suitable_groups": suitable.fillna(""),
            }
        ),
        "preferences": preferences(),
        "outcomes": outcome_key(latest, stays),
        "dirty_rows": dirty,
    }
    return Company(tables, answer_key)


def make_visits(generator: np.random.Generator, patients: pd.DataFrame) -> pd.DataFrame:
    """One row per service of a visit: encounter, patient, time and service."""
    codes = [service.code for service in SERVICES]
    yearly = np.array([service.yearly for service in SERVICES])
    rows = []
    for person in patients.itertuples():
        rates = yearly[:, person.place] * years_with_us(person) * person.activity
        counts = generator.poisson(rates)
        # Nobody is a patient without having come once.
        if counts.sum() < 2:
            counts[np.argsort(-rates)[:2]] += 1
        services = np.repeat(codes, counts)
        is_guest = np.isin(services, WITH_A_VISIT) & (
            generator.random(len(services)) < 0.6
        )
        alone = generator.permutation(services[~is_guest])
        if not len(alone):
            alone, is_guest = services, np.zeros(len(services), dtype=bool)
        jitter = 1.8 if person.segment == "rarely_seen" else 0.8
        days = spread_days(generator, person, len(alone), jitter)
        times = [visit_time(generator, person.place, day) for day in days]
        numbers = list(range(len(alone)))
        hosts = generator.integers(0, len(alone), int(is_guest.sum()))
        for service, number in [
            *zip(alone, numbers, strict=True),
            *zip(services[is_guest], hosts, strict=True),
        ]:
            moment = max(times[number], person.starts_on + pd.Timedelta(hours=8))
            rows.append((person.patient_no, int(number), moment, service))
    columns = ["patient_no", "number", "occurred_at", "service"]
    visits = pd.DataFrame(rows, columns=columns)
    order = ["occurred_at", "patient_no", "number"]
    visits = visits.sort_values([*order, "service"], ignore_index=True)
    # A service is billed once per encounter.
    visits = visits.drop_duplicates([*order, "service"])
    visits["encounter_no"] = visits.groupby(order, sort=False).ngroup() + 1
    return visits


def billing_lines(
    patients: pd.DataFrame, visits: pd.DataFrame, stays: pd.DataFrame
) -> pd.DataFrame:
    """Bill every service at its fee, to the privately insured at a multiple."""
    fees = {service.code: service.fee for service in (*SERVICES, HOSPITAL_DAY)}
    days = stays.assign(
        service=HOSPITAL_DAY.code,
        occurred_at=stays["discharged_at"],
        quantity=stays["length_of_stay_days"],
        encounter_no=visits["encounter_no"].max() + 1 + np.arange(len(stays)),
    )
    lines = pd.concat([visits.assign(quantity=1), days], ignore_index=True)
    is_private = lines["patient_no"].map(patients.set_index("patient_no")["is_private"])
    factor = np.where(is_private, PRIVATE_FACTOR, 1.0)
    lines["amount"] = lines["service"].map(fees) * lines["quantity"] * factor
    lines = lines.sort_values(["encounter_no", "service"], ignore_index=True)
    return pd.DataFrame(
        {
            "encounter_no": lines["encounter_no"].map("E{:05d}".format),
            "patient_no": lines["patient_no"],
            "billed_at": shown(lines["occurred_at"]),
            "service": lines["service"],
            "quantity": lines["quantity"].astype(str),
            "amount": cents(lines["amount"]),
        }
    )


def make_fills(
    generator: np.random.Generator, patients: pd.DataFrame, problems: pd.DataFrame
) -> pd.DataFrame:
    """Packs from the dispensary: how many days they last, never what is in them."""
    chronic = set(problems["patient_no"])
    rows = []
    for person in patients.itertuples():
        span = 365.25 * years_with_us(person)
        supply = HABITS.supply_days[person.place]
        if person.patient_no in chronic:
            taken = np.clip(
                generator.normal(HABITS.adherence[person.place], 0.06), 0, 1
            )
            count = max(1, round(span * taken / supply))
            for day in spread_days(generator, person, count, 0.3):
                rows.append((person, day, LONG_TERM.code, supply))
        short = generator.poisson(
            SHORT_TERM.yearly[person.place] * span / 365.25 * person.activity
        )
        if short:
            for day in spread_days(generator, person, short, 0.9):
                rows.append((person, day, SHORT_TERM.code, 7))
    fills = pd.DataFrame(
        [
            (
                person.patient_no,
                visit_time(generator, person.place, day),
                article,
                days,
            )
            for person, day, article, days in rows
        ],
        columns=["patient_no", "filled_at", "article", "days"],
    ).sort_values(["filled_at", "patient_no", "article"], ignore_index=True)
    return pd.DataFrame(
        {
            "fill_no": [f"F{number:05d}" for number in range(1, len(fills) + 1)],
            "patient_no": fills["patient_no"],
            "filled_at": shown(fills["filled_at"]),
            "article": fills["article"],
            "days_of_supply": fills["days"].astype(str),
            "copayment": cents(np.full(len(fills), COPAYMENT)),
        }
    )


def suitable_groups(patients: pd.DataFrame, problems: pd.DataFrame) -> pd.Series:
    """Condition groups whose plans a patient may be offered: agreed to, and of age."""
    is_allowed = patients["has_consent"] & patients["is_adult"]
    allowed = problems["patient_no"].isin(patients.loc[is_allowed, "patient_no"])
    groups = problems[allowed].groupby("patient_no")["condition"].unique()
    return groups.map(lambda held: "|".join(sorted(held)))


def make_enrolments(
    generator: np.random.Generator, patients: pd.DataFrame, problems: pd.DataFrame
) -> pd.DataFrame:
    """Plans that patients took, of their conditions, by what their segment prefers."""
    chances = preferences().pivot(
        index="segment", columns="product_type", values="probability"
    )
    groups = problems.groupby("patient_no")["condition"].agg(set)
    plans = plan_table().set_index("plan_type")
    rows = []
    for person in patients.itertuples():
        options = [
            plan_type(group, form)
            for group in sorted(groups.get(person.patient_no, set()))
            for form in FORMS
        ]
        count = int(drawn_index(generator, np.array([[0.12, 0.40, 0.32, 0.16]]))[0])
        chosen = []
        # One plan per condition at a time; who takes another takes it for another.
        while options and len(chosen) < count:
            weights = chances.loc[person.segment, options].to_numpy()
            choice = generator.choice(len(options), p=weights / weights.sum())
            chosen.append(options[choice])
            group = options[choice].partition(":")[0]
            options = [plan for plan in options if plan.partition(":")[0] != group]
        if not chosen:
            continue
        days = spread_days(generator, person, len(chosen), 0.9)
        for option, day in zip(chosen, days, strict=True):
            plan = plans.loc[option]
            moment = visit_time(generator, person.place, day)
            rows.append((person.patient_no, plan["plan_id"], moment, plan["fee"]))
    columns = ["patient_no", "plan_id", "enrolled_at", "fee"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values(["enrolled_at", "patient_no"], ignore_index=True)
    table["enrolled_at"] = shown(table["enrolled_at"])
    numbers = [f"N{number:04d}" for number in range(1, len(table) + 1)]
    table.insert(0, "enrolment_no", numbers)
    return table


def make_sessions(
    generator: np.random.Generator, patients: pd.DataFrame
) -> pd.DataFrame:
    """Sessions in the patient portal, on the web or in its app."""
    rows = []
    for person in patients.itertuples():
        rate = HABITS.yearly_sessions[person.place] * years_with_us(person)
        count = int(generator.poisson(rate * person.activity))
        if not count:
            continue
        for day in spread_days(generator, person, count, 0.9):
            is_app = generator.random() < HABITS.app_share[person.place]
            on_web = ("computer", "tablet")[int(generator.random() < 0.35)]
            seconds = generator.gamma(6, HABITS.session_seconds[person.place] / 6)
            rows.append(
                (
                    person.patient_no,
                    "app" if is_app else "web",
                    "phone" if is_app else on_web,
                    visit_time(generator, person.place, day),
                    str(int(seconds) + 5),
                )
            )
    columns = ["patient_no", "channel", "device", "started_at", "seconds"]
    return _numbered("S", rows, columns, "session_no")


def make_calls(generator: np.random.Generator, patients: pd.DataFrame) -> pd.DataFrame:
    """Calls to the service desk, with their length and tone."""
    rows = []
    for person in patients.itertuples():
        rate = HABITS.yearly_calls[person.place] * years_with_us(person)
        count = int(generator.poisson(rate))
        if not count:
            continue
        for day in spread_days(generator, person, count, 0.9):
            tone = np.clip(generator.normal(0.1, 0.4), -1, 1)
            rows.append(
                (
                    person.patient_no,
                    visit_time(generator, person.place, day),
                    str(int(generator.gamma(4, 70)) + 20),
                    f"{tone:.2f}",
                )
            )
    columns = ["patient_no", "called_at", "seconds", "tone"]
    return _numbered("C", rows, columns, "call_no")


def make_answers(
    generator: np.random.Generator, patients: pd.DataFrame
) -> pd.DataFrame:
    """Survey of patients: satisfaction, and three items each of two scales."""
    asked = patients[generator.random(len(patients)) < 0.78]
    table = {"patient_no": asked["patient_no"]}
    day = generator.integers(0, 60, len(asked))
    moments = pd.Timestamp("2025-09-01 10:00") + pd.to_timedelta(day, unit="D")
    table["answered_at"] = moments.strftime("%Y-%m-%d %H:%M")
    satisfied = np.clip(np.round(generator.normal(4.1, 0.8, len(asked))), 1, 5)
    table["satisfaction"] = satisfied.astype(int).astype(str)
    for scale, means in (
        ("activation", HABITS.activation),
        ("sociability", HABITS.sociability),
    ):
        level = generator.normal(np.array(means)[asked["place"]], 0.6)
        for item in (1, 2, 3):
            answer = np.round(level + generator.normal(0, 0.5, len(asked)))
            answer = np.clip(answer, 1, 7).astype(int)
            # The second is worded the other way round.
            answer = 8 - answer if item == 2 else answer
            table[f"{scale}_{item}"] = answer.astype(str)
    return pd.DataFrame(table).reset_index(drop=True)


def _numbered(
    letter: str, rows: list[tuple], columns: list[str], number: str
) -> pd.DataFrame:
    """Order rows by their time and number them."""
    (moment,) = [column for column in columns if column.endswith("_at")]
    table = pd.DataFrame(rows, columns=columns)
    table = table.sort_values([moment, "patient_no"], ignore_index=True)
    table[moment] = shown(table[moment])
    table.insert(0, number, [f"{letter}{n:05d}" for n in range(1, len(table) + 1)])
    return table
