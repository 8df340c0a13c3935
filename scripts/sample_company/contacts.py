"""Records of each person in each system, and the identifiers that hold them together.

Identifiers are shared the way people share them: one e-mail in several spellings, a
phone in several formats, a loyalty card between two shop accounts, a device. On
purpose, some mislead: a placeholder e-mail, a reception's phone, a tablet in a store,
couples with one phone, somebody else's unverified e-mail.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.sample_company.company import POSTAL_AREAS, PostalArea, nearest_store

PLACEHOLDER_EMAIL = "none@example.com"
PLACEHOLDER_RECORDS = 25
RECEPTION_PHONE = ("DE", "3023125999")
RECEPTION_RECORDS = 30
TABLET_DEVICE = "D-STORE-TABLET"
TABLET_RECORDS = 40
COUPLES = 4
FOREIGN_EMAILS = 6
CHAINS = 40
UNLINKED = {"support": 18, "mail": 14, "app": 10}

_FIRST = (
    "Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Klara Leo Mia Noah Olga Paul "
    "Rosa Sam Tilda Uwe Vera Will Yara Zoe".split()
)
_LAST = (
    "Ahrens Baker Carter Dietz Ebner Foster Graf Huber Irving Jansen Keller Lang Moser "
    "Novak Ott Parker Quinn Roth Suter Turner Ulrich Vogel Weber Young Zimmer".split()
)
# Kept free for films and books: Germany's regulator and Ofcom; Swiss area code 00.
_PHONE_RANGES = {
    "DE": ("3023125", "4066969", "6990009", "2214710", "8999998"),
    "GB": ("7700900", "2079460", "1614960", "1134960"),
    "CH": ("005550", "005551", "005552"),
}
_DIAL_CODES = {"DE": "49", "GB": "44", "CH": "41"}


class Contacts(NamedTuple):
    """Raw account tables, the true owner of every record, and who uses what."""

    tables: dict[str, pd.DataFrame]
    records: pd.DataFrame  # customer_id, person_id
    accounts: pd.DataFrame  # per person: ids of its records, devices, home


def _phones(generator: np.random.Generator, countries: pd.Series) -> list[str]:
    """Return one national number per person, each of them once."""
    pools = {
        country: list(
            generator.permutation(
                [
                    f"{prefix}{number:0{10 - len(prefix)}d}"
                    for prefix in prefixes
                    for number in range(900)
                ]
            )
        )
        for country, prefixes in _PHONE_RANGES.items()
    }
    return [pools[country].pop() for country in countries]


def _written_phone(generator: np.random.Generator, country: str, number: str) -> str:
    code = _DIAL_CODES[country]
    return (
        f"+{code} {number[:3]} {number[3:]}",
        f"0{number[:2]} {number[2:6]} {number[6:]}",
        f"00{code}-{number[:4]}-{number[4:]}",
        f"0{number}",
    )[generator.integers(4)]


def _written_email(generator: np.random.Generator, email: str) -> str:
    name, domain = email.split("@")
    return (email, email, email, email.title(), email.upper(), f"{name}@{domain} ")[
        generator.integers(6)
    ]


def home_area(
    generator: np.random.Generator, country: str, wanted_km: float
) -> PostalArea:
    """One of the two areas of the country whose store is about as far as wanted."""
    areas = [area for area in POSTAL_AREAS if area.country_code == country]
    areas.sort(
        key=lambda area: abs(np.log1p(nearest_store(area)[1]) - np.log1p(wanted_km))
    )
    return areas[generator.integers(2)]


def make_contacts(
    generator: np.random.Generator,
    people: pd.DataFrame,
    wanted_km: np.ndarray,
    uses_app: np.ndarray,
    asks_support: np.ndarray,
) -> Contacts:
    """Give everybody accounts in the systems, with identifiers that overlap."""
    count = len(people)
    chance = generator.random((count, 12))
    is_buyer = people["is_buyer"].to_numpy()
    has = {
        "crm": ~is_buyer | (chance[:, 0] < 0.985),
        "shop": is_buyer | (chance[:, 1] < 0.5),
        "app": uses_app,
        "mail": chance[:, 2] < 0.985,
        "support": asks_support,
        "survey": people["answers_survey"].to_numpy().copy(),
    }
    has["social"] = has["crm"] & (chance[:, 3] < 0.65)
    has_second_shop = is_buyer & (chance[:, 4] < 0.06)

    plain = np.flatnonzero(is_buyer & has["crm"] & ~has_second_shop)
    plain = generator.permutation(plain)
    chains, plain = np.split(plain, [CHAINS])
    # A wrong merge of people with few records does the least harm.
    fewest = np.argsort(sum(has.values())[plain], kind="stable")
    couples = plain[fewest[: 2 * COUPLES]].reshape(COUPLES, 2)
    plain = np.setdiff1d(plain, couples)
    plain = generator.permutation(plain)
    foreign, plain = np.split(plain, [FOREIGN_EMAILS])
    unlinked = {}
    for system, wanted in UNLINKED.items():
        candidates = plain[has[system][plain] & (sum(has.values())[plain] <= 5)]
        unlinked[system] = set(candidates[:wanted])
        plain = np.setdiff1d(plain, candidates[:wanted])
        plain = generator.permutation(plain)
    reception = set(plain[:RECEPTION_RECORDS])
    placeholder = set(
        np.flatnonzero(has["support"])[
            np.isin(
                np.flatnonzero(has["support"]),
                generator.permutation(plain[RECEPTION_RECORDS:]),
            )
        ][:PLACEHOLDER_RECORDS]
    )
    has_second_shop[chains] = True
    chain_set, foreign_set = set(chains), set(foreign)

    phones = _phones(generator, people["country_code"])
    for left, right in couples:
        phones[right] = phones[left]
    partners = set(couples.ravel())

    shop_number = iter(range(1001, 9999))
    rows = {
        name: []
        for name in ("crm", "shop", "app", "mail", "support", "social", "survey")
    }
    accounts, records = [], []
    first_names = generator.choice(_FIRST, count)
    last_names = generator.choice(_LAST, count)
    domains = generator.choice(["example.com", "example.org", "example.net"], count)

    for index, person in enumerate(people.itertuples(index=False)):
        number = index + 1
        name = f"{first_names[index]}.{last_names[index]}{number}".lower()
        email = f"{name}@{domains[index]}"
        other_email = f"{first_names[index]}{number}@{domains[index]}".lower()
        lone_email = f"{last_names[index]}.{number}.x@{domains[index]}".lower()
        country = person.country_code if index not in partners else "DE"
        is_chain = index in chain_set
        is_unverified = (
            has["crm"][index] and is_buyer[index] and chance[index, 5] < 0.06
        ) and not (is_chain or index in partners or index in reception)
        is_unverified = is_unverified or index in foreign_set
        usual_email = other_email if is_chain else email

        def write_email(text: str) -> str:
            return _written_email(generator, text)

        def write_phone(
            number: str = phones[index], country: str = people["country_code"][index]
        ) -> str:
            return _written_phone(generator, country, number)

        joined = int(person.joined)
        offsets = generator.integers(0, 12, 7)
        minutes = generator.integers(8 * 60, 20 * 60, 7)
        area = home_area(generator, person.country_code, wanted_km[index])
        ids: dict[str, object] = {
            "shop_ids": (),
            "devices": (f"D{number:04d}M", f"D{number:04d}W"),
            "store_id": nearest_store(area)[0],
        }

        def moment(
            position: int,
            joined: int = joined,
            offsets: np.ndarray = offsets,
            minutes: np.ndarray = minutes,
        ) -> int:
            """Minutes since the first day, at or a few days before joining."""
            return max(joined - int(offsets[position]), 0) * 1440 + int(
                minutes[position]
            )

        if has["crm"][index]:
            needs_phone = is_unverified or is_chain or index in partners
            crm_email = email
            if index in foreign_set:
                neighbour = int(generator.integers(count))
                crm_email = (
                    f"{first_names[neighbour]}.{last_names[neighbour]}{neighbour + 1}"
                    f"@{domains[neighbour]}"
                ).lower()
            phone = ""
            if index in reception:
                phone = write_phone(RECEPTION_PHONE[1], RECEPTION_PHONE[0])
            elif needs_phone or chance[index, 6] < 0.75:
                phone = write_phone()
            rows["crm"].append(
                {
                    "account_id": f"A{number:04d}",
                    "created_at": moment(0),
                    "email": write_email(crm_email),
                    "email_verified": "no" if is_unverified else "yes",
                    "phone": phone,
                    "social_handle": f"@{name.replace('.', '_')}"
                    if has["social"][index]
                    else "",
                    "country_code": person.country_code,
                    "region": area.postal_region,
                    "city": area.city,
                    "postal_code": area.postal_prefix
                    + (
                        f"{int(generator.integers(1000)):03d}"
                        if country == "DE"
                        else f"{int(generator.integers(10, 99))}"
                    ),
                }
            )
            ids["crm"] = f"A{number:04d}"
            records.append((f"crm:A{number:04d}", person.person_id))
        if has["shop"][index]:
            shop_id = f"S{next(shop_number)}"
            needs_phone = is_unverified or is_chain or has_second_shop[index]
            card = f"LC{700000 + 13 * number}"
            has_card = is_chain or has_second_shop[index] or chance[index, 7] < 0.5
            shop_phone = write_phone() if needs_phone or chance[index, 8] < 0.4 else ""
            rows["shop"].append(
                {
                    "shop_id": shop_id,
                    "registered_at": joined * 1440 + 480,
                    "email": "" if is_chain else write_email(email),
                    "phone": shop_phone if index not in reception else "",
                    "loyalty_card": card if has_card else "",
                }
            )
            ids["shop_ids"] = (shop_id,)
            records.append((f"shop:{shop_id}", person.person_id))
            if has_second_shop[index]:
                shop_id = f"S{next(shop_number)}"
                by_card = is_chain or chance[index, 9] < 0.5
                rows["shop"].append(
                    {
                        "shop_id": shop_id,
                        "registered_at": joined * 1440 + 490 + int(minutes[1]),
                        "email": write_email(other_email),
                        "phone": "" if by_card else write_phone(),
                        "loyalty_card": card if by_card else "",
                    }
                )
                ids["shop_ids"] = (*ids["shop_ids"], shop_id)
                records.append((f"shop:{shop_id}", person.person_id))
        if has["app"][index]:
            is_lone = index in unlinked["app"]
            by_device = has["shop"][index] and chance[index, 10] < 0.1
            app_email = lone_email if is_lone or by_device else usual_email
            device = f"D{number:04d}X" if is_lone else f"D{number:04d}M"
            rows["app"].append(
                {
                    "app_user_id": f"U{number:04d}",
                    "installed_at": moment(2) + 2880,
                    "email": write_email(app_email),
                    "device_id": device,
                }
            )
            ids["app"] = f"U{number:04d}"
            records.append((f"app:U{number:04d}", person.person_id))
        if has["mail"][index]:
            is_lone = index in unlinked["mail"]
            rows["mail"].append(
                {
                    "subscriber_id": f"M{number:04d}",
                    "subscribed_at": moment(3),
                    "email": write_email(lone_email if is_lone else usual_email),
                }
            )
            ids["mail"] = f"M{number:04d}"
            records.append((f"mail:M{number:04d}", person.person_id))
        if has["support"][index]:
            is_lone = index in unlinked["support"]
            is_placeholder = index in placeholder
            has_own_phone = is_placeholder or (
                not is_lone
                and index not in reception
                and chance[index, 11] < 0.3
                and (is_unverified or is_chain or rows["crm"][-1]["phone"] != "")
                and has["crm"][index]
            )
            support_email = usual_email if not is_lone else lone_email
            if is_placeholder:
                support_email = PLACEHOLDER_EMAIL
                for row in (rows["crm"][-1], rows["shop"][-1]):
                    if not row["phone"]:
                        row["phone"] = write_phone()
            rows["support"].append(
                {
                    "requester_id": f"Q{number:04d}",
                    "email": write_email(support_email)
                    if is_placeholder or not has_own_phone
                    else "",
                    "phone": write_phone() if has_own_phone else "",
                }
            )
            ids["support"] = f"Q{number:04d}"
            records.append((f"support:Q{number:04d}", person.person_id))
        if has["social"][index]:
            ids["social"] = rows["crm"][-1]["social_handle"]
            records.append((f"social:{ids['social']}", person.person_id))
        if has["survey"][index]:
            rows["survey"].append(
                {
                    "respondent_id": f"V{number:04d}",
                    "email": write_email(usual_email),
                }
            )
            ids["survey"] = f"V{number:04d}"
            records.append((f"survey:V{number:04d}", person.person_id))
        accounts.append(ids)

    tables = {name: pd.DataFrame(rows[name]) for name in rows if name != "social"}
    return Contacts(
        tables,
        pd.DataFrame(records, columns=["customer_id", "person_id"]),
        pd.DataFrame(accounts).astype(object).where(lambda frame: frame.notna(), None),
    )
