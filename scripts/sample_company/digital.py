"""Visits, mails, support, mentions and the survey: what people do besides buying."""

import numpy as np
import pandas as pd

from scripts.sample_company.company import DAYS
from scripts.sample_company.contacts import TABLET_DEVICE, TABLET_RECORDS
from scripts.sample_company.measures import SURVEY_SCALES
from scripts.sample_company.purchases import (
    FIRST_YEAR_DAYS,
    quota,
)

FIRST_YEAR_VISIT_RATE = 0.06
FIRST_YEAR_CONTACT_RATE = 0.25
FADING_SIGN_DAYS = 120  # before somebody leaves; purchases fade later
FADING_VISIT_LENGTH = 0.3
LOGGED_IN_SHARE = 0.3
UNKNOWN_DEVICES = 60
COMPLAINT_DROP = 0.45  # below the usual tone
BLANK_ANSWER_SHARE = 0.01
# Days on which the newsletter is sent: every nine weeks of the second year.
NEWSLETTER_DAYS = tuple(range(FIRST_YEAR_DAYS + 12, DAYS - 10, 63))
CONSENT_SHARE = 0.975
ITEMS_PER_SCALE = 3
# The items of a scale are agreed to more and less easily, which keeps scores fine.
ITEM_EASE = (-1 / 3, 0.0, 1 / 3)
ANSWER_NOISE = 0.2
SURVEY_DAY = 640

_SYSTEMS = {
    "mobile": ("ios", "android"),
    "tablet": ("ios", "android"),
    "desktop": ("windows", "macos"),
}


def uses_app(technographic: dict[str, np.ndarray]) -> np.ndarray:
    """Tell whose share of app visits is large enough to be seen."""
    return technographic["app_share"] > 0.04


def make_visits(
    generator: np.random.Generator,
    people: pd.DataFrame,
    accounts: pd.DataFrame,
    habits: dict[str, np.ndarray],
    technographic: dict[str, np.ndarray],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Web sessions and app sessions, by minutes since the first day."""
    web, app = [], []
    by_app = uses_app(technographic)
    tablets_left = TABLET_RECORDS
    for index, person in enumerate(people.itertuples(index=False)):
        systems = {
            kind: names[generator.integers(2)] for kind, names in _SYSTEMS.items()
        }
        shop_ids = accounts["shop_ids"][index]
        mobile_device, other_device = accounts["devices"][index]
        logged_in_devices = set()
        for start, end, rate in (
            (0, FIRST_YEAR_DAYS, FIRST_YEAR_VISIT_RATE),
            (FIRST_YEAR_DAYS, DAYS, 1.0),
        ):
            # Who has left still looks in.
            begin, finish = max(start, int(person.joined)), end
            if finish <= begin:
                continue
            length = (finish - begin) / (end - start)
            wanted = habits["web_visits_per_year"][index] * rate * length
            web_count = max(quota(wanted, 1), int(rate))
            # App visits come on top, so that web visits stay what behaviour makes them.
            share = technographic["app_share"][index] if by_app[index] else 0
            app_count = quota(share / (1 - share), web_count)
            count = web_count + app_count
            mobile_count = quota(technographic["mobile_share"][index], count)
            app_mobile = min(app_count, mobile_count)
            web_tablet = quota(0.2, web_count - (mobile_count - app_mobile))
            kinds = [("app", "mobile")] * app_mobile
            kinds += [("app", "tablet")] * (app_count - app_mobile)
            kinds += [("web", "mobile")] * (mobile_count - app_mobile)
            kinds += [("web", "tablet")] * web_tablet
            kinds += [("web", "desktop")] * (count - len(kinds))
            kinds = [kinds[place] for place in generator.permutation(count)]
            places = (np.arange(count) + generator.random(count)) / count
            days = (begin + (finish - begin) * places).astype(int)
            minutes = generator.integers(7 * 60, 23 * 60, count)
            lengths = habits["minutes_per_visit"][index] * np.exp(
                generator.normal(0, 0.12, count)
            )
            pages = habits["pages_per_visit"][index] * np.exp(
                generator.normal(0, 0.12, count)
            )
            for place, (system, device_type) in enumerate(kinds):
                day = int(days[place])
                is_fading = day <= person.left <= day + FADING_SIGN_DAYS
                shrink = FADING_VISIT_LENGTH if is_fading else 1
                visit = {
                    "minute": day * 1440 + int(minutes[place]),
                    "duration_seconds": max(round(lengths[place] * shrink * 60), 5),
                    "page_count": max(round(pages[place] * shrink), 1),
                    "device_type": device_type,
                    "operating_system": systems[device_type],
                }
                if system == "app":
                    app.append({"app_user_id": accounts["app"][index], **visit})
                    continue
                device = mobile_device if device_type == "mobile" else other_device
                # The first session on a device says whose it is.
                logs_in = shop_ids and (
                    device not in logged_in_devices
                    or generator.random() < LOGGED_IN_SHARE
                )
                if logs_in:
                    logged_in_devices.add(device)
                    if (
                        tablets_left
                        and device_type == "tablet"
                        and device in logged_in_devices
                    ):
                        tablets_left -= 1
                        device = TABLET_DEVICE
                web.append(
                    {
                        "device_id": device,
                        "shop_id": shop_ids[generator.integers(len(shop_ids))]
                        if logs_in
                        else "",
                        **visit,
                    }
                )
    for number in range(UNKNOWN_DEVICES):
        web.append(
            {
                "device_id": f"D9{number:03d}W",
                "shop_id": "",
                "minute": int(generator.integers(0, DAYS)) * 1440 + 700,
                "duration_seconds": int(generator.integers(20, 400)),
                "page_count": int(generator.integers(1, 6)),
                "device_type": "desktop",
                "operating_system": "windows",
            }
        )
    return _numbered(web, "W"), _numbered(app, "A")


def _numbered(rows: list[dict], letter: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows).sort_values(
        ["minute", *sorted(rows[0])], kind="stable", ignore_index=True
    )
    ids = [f"{letter}{number:05d}" for number in range(1, len(frame) + 1)]
    frame.insert(0, "session_id", ids)
    return frame


def make_mail(
    generator: np.random.Generator,
    people: pd.DataFrame,
    accounts: pd.DataFrame,
    habits: dict[str, np.ndarray],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Consents and what became of each mail, by minutes since the first day."""
    consents, events = [], []
    for index, person in enumerate(people.itertuples(index=False)):
        subscriber = accounts["mail"][index]
        agrees = generator.random() < CONSENT_SHARE
        wavers = generator.random() < 0.03
        if subscriber is None:
            continue
        joined = int(person.joined)
        agreed = joined * 1440 + 560
        consents.append((subscriber, "yes" if agrees else "no", agreed))
        if not agrees:
            continue
        if wavers and joined < 600:
            consents.append((subscriber, "no", agreed + 14_400))
            consents.append((subscriber, "yes", agreed + 43_200))
        left = int(person.left) if person.left >= 0 else DAYS
        if left < DAYS:
            consents.append((subscriber, "no", left * 1440 + 610))
        for window in ((0, FIRST_YEAR_DAYS), (FIRST_YEAR_DAYS, DAYS)):
            sent = [
                number
                for number, day in enumerate(NEWSLETTER_DAYS)
                if window[0] <= day < window[1] and joined < day < left
            ]
            opened = quota(habits["email_open_share"][index], len(sent))
            clicked = quota(
                habits["email_open_share"][index] * habits["email_click_ratio"][index],
                len(sent),
            )
            kinds = ["clicked"] * clicked + ["opened"] * (opened - clicked)
            kinds += ["sent"] * (len(sent) - len(kinds))
            kinds = generator.permutation(kinds)
            for place, number in enumerate(sent):
                is_fading = NEWSLETTER_DAYS[number] + FADING_SIGN_DAYS >= left
                kind = kinds[place]
                if is_fading and left < DAYS and generator.random() < 0.7:
                    kind = "sent"
                events.append(
                    (
                        subscriber,
                        f"N{number + 1:02d}",
                        NEWSLETTER_DAYS[number] * 1440 + 540,
                        kind,
                    )
                )
    return (
        pd.DataFrame(consents, columns=["subscriber_id", "consent", "minute"]),
        pd.DataFrame(
            events,
            columns=["subscriber_id", "message_id", "minute", "interaction_type"],
        ).sort_values(["message_id", "subscriber_id"], ignore_index=True),
    )


def plan_contacts(
    people: pd.DataFrame, habits: tuple[dict[str, np.ndarray], dict[str, np.ndarray]]
) -> np.ndarray:
    """How often each person asks support in each year (people x 2)."""
    counts = np.zeros((len(people), 2), dtype=int)
    for index, person in enumerate(people.itertuples(index=False)):
        for year, (start, end, rate) in enumerate(
            (
                (0, FIRST_YEAR_DAYS, FIRST_YEAR_CONTACT_RATE),
                (FIRST_YEAR_DAYS, DAYS, 1.0),
            )
        ):
            begin = max(start, person.joined)
            finish = min(end, person.left) if person.left >= 0 else end
            length = max(finish - begin, 0) / (end - start)
            wanted = habits[year]["contacts_per_year"][index] * rate
            counts[index, year] = quota(wanted * length, 1)
    return counts


def make_support(
    generator: np.random.Generator,
    people: pd.DataFrame,
    accounts: pd.DataFrame,
    contacts: np.ndarray,
    habits: tuple[dict[str, np.ndarray], dict[str, np.ndarray]],
) -> pd.DataFrame:
    """One row per ticket; who is about to leave complains once more."""
    rows = []
    for index, person in enumerate(people.itertuples(index=False)):
        requester = accounts["support"][index]
        if requester is None:
            continue
        left = int(person.left) if person.left >= 0 else DAYS
        for year, (start, end) in enumerate(
            ((0, FIRST_YEAR_DAYS), (FIRST_YEAR_DAYS, DAYS))
        ):
            begin, finish = max(start, int(person.joined)), min(end, left)
            for _ in range(contacts[index, year]):
                tone = habits[year]["support_tone"][index] + generator.normal(0, 0.06)
                rows.append((requester, int(generator.integers(begin, finish)), tone))
        if left < DAYS:
            day = left - int(generator.integers(5, FADING_SIGN_DAYS - 5))
            tone = habits[1]["support_tone"][index] - COMPLAINT_DROP
            rows.append((requester, day, tone + generator.normal(0, 0.04)))
    frame = pd.DataFrame(rows, columns=["requester_id", "day", "sentiment_score"])
    count = len(frame)
    frame["minute"] = frame["day"] * 1440 + generator.integers(8 * 60, 19 * 60, count)
    frame["channel"] = generator.choice(["phone", "email"], count, p=[0.6, 0.4])
    frame["duration_seconds"] = np.where(
        frame["channel"] == "phone", generator.integers(60, 900, count), 0
    )
    frame["sentiment_score"] = frame["sentiment_score"].clip(-1, 1).round(2)
    frame = frame.sort_values(["minute", "requester_id"], ignore_index=True)
    frame.insert(0, "ticket_id", [f"T{number:05d}" for number in range(1, count + 1)])
    return frame


def make_mentions(
    generator: np.random.Generator, people: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """One row per public post that names the company."""
    rows = []
    for index, person in enumerate(people.itertuples(index=False)):
        handle = accounts["social"][index]
        if handle is None:
            continue
        mood, reach = generator.normal(0.2, 0.3), generator.normal(6, 1)
        last = int(person.left) if person.left >= 0 else DAYS
        first = max(int(person.joined), FIRST_YEAR_DAYS)
        for _ in range(generator.integers(1, 3)):
            rows.append(
                {
                    "handle": handle,
                    "minute": int(generator.integers(first * 1440, last * 1440)),
                    "sentiment_score": round(
                        float(np.clip(mood + generator.normal(0, 0.2), -1, 1)), 2
                    ),
                    "reach_count": int(np.exp(reach + generator.normal(0, 0.4))),
                }
            )
    frame = pd.DataFrame(rows).sort_values(["minute", "handle"], ignore_index=True)
    frame.insert(0, "mention_id", [f"X{n:04d}" for n in range(1, len(frame) + 1)])
    return frame


def make_survey_items() -> pd.DataFrame:
    """One row per question; the middle item of each scale is asked the other way."""
    return pd.DataFrame(
        [
            {
                "question": f"q{place * ITEMS_PER_SCALE + item + 1}",
                "scale": scale,
                "is_reverse_keyed": "true" if item == 1 else "false",
                "lowest_answer": "1",
                "highest_answer": "7",
            }
            for place, scale in enumerate(SURVEY_SCALES)
            for item in range(ITEMS_PER_SCALE)
        ]
    )


def make_survey(
    generator: np.random.Generator,
    people: pd.DataFrame,
    accounts: pd.DataFrame,
    psychographic: dict[str, np.ndarray],
) -> pd.DataFrame:
    """One row per respondent and the answers, some of them blank."""
    items = make_survey_items()
    rows = []
    for index, person in enumerate(people.itertuples(index=False)):
        respondent = accounts["survey"][index]
        if respondent is None:
            continue
        row = {
            "respondent_id": respondent,
            "minute": max(SURVEY_DAY, int(person.joined)) * 1440
            + int(generator.integers(0, 4 * 1440)),
        }
        if person.left >= 0:
            row["minute"] = int(person.left) * 1440 - int(generator.integers(1, 86_400))
        same = int(generator.integers(1, 8))
        for item in items.itertuples():
            level = psychographic[item.scale][index] + generator.normal(0, ANSWER_NOISE)
            level += ITEM_EASE[(int(item.question[1:]) - 1) % ITEMS_PER_SCALE]
            answer = int(np.clip(np.floor(level + 0.5), 1, 7))
            if item.is_reverse_keyed == "true":
                answer = 8 - answer
            if person.is_straight_liner:
                answer = same
            is_blank = generator.random() < BLANK_ANSWER_SHARE
            row[item.question] = "" if is_blank else str(answer)
        rows.append(row)
    return pd.DataFrame(rows)
