"""Rows that must be refused, each with the reason that it must get.

Every function adds rows to raw tables of text; nearly no row that was there is touched,
so what is planted in the good rows stays as it is.
"""

import pandas as pd

KEY_COLUMNS = ["source_table", "source_key", "reason"]
_FUTURE = "2031-03-04T10:00:00Z"


def _copy_of(table: pd.DataFrame, position: int, **changes: str) -> dict:
    return {**table.iloc[position].to_dict(), **changes}


def _add(tables: dict[str, pd.DataFrame], name: str, rows: list[dict]) -> None:
    tables[name] = pd.concat(
        [tables[name], pd.DataFrame(rows, columns=tables[name].columns)],
        ignore_index=True,
    )


def _dirty_sales(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    orders, lines = tables["shop_orders"], tables["shop_lines"]
    known = orders[(orders["shop_id"] != "") & (orders["currency_code"] == "EUR")]
    buyers = known["shop_id"].drop_duplicates().tolist()
    key, new_orders, new_lines = [], [], []

    def add_order(order_id: str, **changes: str) -> str:
        new_orders.append(
            {
                "order_id": order_id,
                "shop_id": buyers[37 * (len(new_orders) + 1)],
                "ordered_at": f"2025-05-{len(new_orders) + 2:02d}T09:30:00Z",
                "currency_code": "EUR",
                "channel": "web",
                "store_id": "",
                **changes,
            }
        )
        return order_id

    def add_line(order_id: str, number: str, reason: str = "", **changes: str) -> None:
        line = {
            "order_id": order_id,
            "line_number": number,
            "product_id": "101",
            "quantity": "2",
            "gross_amount": "37.90",
            "discount_amount": "3.00",
            "net_amount": "34.90",
            "cost_amount": "18.40",
            **changes,
        }
        new_lines.append(line)
        if reason:
            text = f"{order_id}-{number}" if number else order_id
            key.append(("transactions", text, reason))

    # A dirty line of an order whose other lines are good.
    for place, (reason, changes) in enumerate(
        (
            ("unreadable_net_amount", {"net_amount": "12,50"}),
            ("unreadable_quantity", {"quantity": "two"}),
            ("missing_net_amount", {"net_amount": ""}),
            ("amounts_do_not_add_up", {"net_amount": "30.00"}),
            ("unreadable_gross_amount", {"gross_amount": "37.90 EUR"}),
        )
    ):
        order_id = known["order_id"].iloc[400 + 97 * place]
        add_line(order_id, "9", reason, **changes)
    # A dirty line that is all there is of its order.
    add_line(add_order("X0001"), "1", "unreadable_net_amount", net_amount="abc")
    add_line(add_order("X0002"), "", "missing_key")
    add_line(add_order("X0003"), "1", "amounts_do_not_add_up", discount_amount="0.00")
    add_line(add_order("X0004"), "1", "unreadable_discount_amount", discount_amount="?")
    add_line(add_order("X0005"), "1", "unreadable_cost_amount", cost_amount="n/a")
    # Orders that spoil all of their lines.
    for order_id, reason, changes in (
        ("X0011", "unreadable_occurred_at", {"ordered_at": "31.12.2024"}),
        ("X0012", "missing_occurred_at", {"ordered_at": ""}),
        ("X0013", "missing_currency_code", {"currency_code": ""}),
        ("X0014", "no_exchange_rate", {"currency_code": "JPY"}),
        (
            "X0015",
            "no_exchange_rate",
            {"currency_code": "GBP", "ordered_at": "2024-01-01T11:00:00Z"},
        ),
        ("X0016", "future_date", {"ordered_at": _FUTURE}),
        ("X0017", "future_date", {"ordered_at": _FUTURE, "currency_code": "CHF"}),
    ):
        add_order(order_id, **changes)
        add_line(order_id, "1", reason)
        if order_id in ("X0011", "X0016"):
            add_line(order_id, "2", reason, product_id="007", quantity="1")
    # The same row twice: one of the two stays.
    for place in (1_000, 5_000, 9_000):
        copy = _copy_of(lines, place)
        new_lines.append(copy)
        text = f"{copy['order_id']}-{copy['line_number']}"
        key.append(("transactions", text, "duplicate_key"))
    _add(tables, "shop_orders", new_orders)
    _add(tables, "shop_lines", new_lines)
    return key


def _dirty_returns(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    returns = tables["shop_returns"]
    rows = [
        _copy_of(returns, 11, return_id="", order_id="X0021"),
        # In EUR, because without a date there is no rate at which to book it.
        _copy_of(
            returns,
            23,
            return_id="RX022",
            returned_at="2025-13-01",
            currency_code="EUR",
        ),
        _copy_of(returns, 35, return_id="RX023", net_amount="minus ten"),
        _copy_of(returns, 47),
    ]
    _add(tables, "shop_returns", rows)
    return [
        ("transactions", "X0021", "missing_key"),
        ("transactions", "RX022", "unreadable_occurred_at"),
        ("transactions", "RX023", "unreadable_net_amount"),
        ("transactions", rows[3]["return_id"], "duplicate_key"),
    ]


def _dirty_touches(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    web, app = tables["web_sessions"], tables["app_sessions"]
    tickets, mails = tables["support_tickets"], tables["mail_events"]
    mentions = tables["social_mentions"]
    mail_copies = [_copy_of(mails, 50), _copy_of(mails, 90, sent_at="last week")]
    mail_copies[1]["message_id"] = "N99"
    mail_texts = [f"{row['subscriber_id']}-{row['message_id']}" for row in mail_copies]
    anonymous = {"device_id": "D-UNKNOWN", "shop_id": ""}
    web_rows = [
        _copy_of(web, 100, session_id="", started_at="2025-02-03T04:05:06Z")
        | anonymous
        | {"operating_system": "unknown-key"},
        _copy_of(web, 200, session_id="WX002", started_at="03/04/2025 10:00")
        | anonymous,
        _copy_of(web, 300, session_id="WX003", duration_seconds="5 min") | anonymous,
        _copy_of(web, 400, session_id="WX004", started_at="") | anonymous,
        _copy_of(web, 500, session_id="WX005", started_at=_FUTURE) | anonymous,
        _copy_of(web, 600),
    ]
    app_rows = [_copy_of(app, 40, session_id="AX001", page_count="many")]
    ticket_rows = [
        _copy_of(tickets, 10, ticket_id="TX001", channel="fax"),
        _copy_of(tickets, 20, ticket_id="TX002", sentiment_score="very bad"),
    ]
    mention_rows = [
        _copy_of(mentions, 5, mention_id="XX001", reach_count="1.2k"),
        _copy_of(mentions, 9, mention_id="XX002", posted_at=""),
    ]
    _add(tables, "web_sessions", web_rows)
    _add(tables, "app_sessions", app_rows)
    _add(tables, "support_tickets", ticket_rows)
    _add(tables, "social_mentions", mention_rows)
    _add(tables, "mail_events", mail_copies)
    return [
        ("interactions", text, reason)
        for text, reason in (
            ("unknown-key", "missing_key"),
            ("WX002", "unreadable_occurred_at"),
            ("WX003", "unreadable_duration_seconds"),
            ("WX004", "missing_occurred_at"),
            ("WX005", "future_date"),
            (web_rows[5]["session_id"], "duplicate_key"),
            ("AX001", "unreadable_page_count"),
            ("TX001", "unknown_channel"),
            ("TX002", "unreadable_sentiment_score"),
            ("XX001", "unreadable_reach_count"),
            ("XX002", "missing_occurred_at"),
            (mail_texts[0], "duplicate_key"),
            (mail_texts[1], "unreadable_occurred_at"),
        )
    ]


def _dirty_people(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    silent = {"email": "", "phone": "", "social_handle": "", "email_verified": "yes"}
    accounts, profiles = tables["crm_accounts"], tables["crm_profiles"]
    blank_profile = dict.fromkeys(profiles.columns, "")
    spoilt_profile = _copy_of(profiles, 77, income_thousands="about 50")
    tables["crm_profiles"] = profiles.drop(index=profiles.index[77])
    answers = tables["survey_answers"]
    spoilt_answer = _copy_of(answers, 66, q5="often")
    tables["survey_answers"] = answers.drop(index=answers.index[66])
    subscriber = _copy_of(tables["mail_subscribers"], 120)
    _add(
        tables,
        "crm_accounts",
        [
            _copy_of(accounts, 30, account_id="", city="Nowhere") | silent,
            _copy_of(accounts, 31, account_id="A9001", created_at="12.03.2024")
            | silent,
            _copy_of(accounts, 32, account_id="A9002", created_at=_FUTURE) | silent,
        ],
    )
    _add(tables, "mail_subscribers", [subscriber])
    _add(
        tables,
        "crm_profiles",
        [
            blank_profile | {"updated_at": "2025-06-01T08:00:00Z", "age_years": "34.5"},
            spoilt_profile,
        ],
    )
    _add(tables, "survey_answers", [spoilt_answer])
    return [
        ("customers", "Nowhere", "missing_key"),
        ("customers", "A9001", "unreadable_registered_at"),
        ("customers", "A9002", "future_date"),
        ("customers", subscriber["subscriber_id"], "duplicate_key"),
        ("customer_attributes", "34.5", "missing_key"),
        ("customer_attributes", "about 50", "unreadable_value_number"),
        ("survey_responses", "often", "unreadable_answer_number"),
    ]


def _dirty_rest(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    products, costs = tables["products"], tables["ad_costs"]
    members, responses = tables["campaign_members"], tables["campaign_responses"]
    member = _copy_of(members, 40)
    held = _copy_of(members, 41, contacted_at="yesterday", is_holdout="false")
    tables["campaign_members"] = members.drop(index=members.index[41])
    _add(
        tables,
        "products",
        [
            _copy_of(products, 8, product_id="", product_name="Sample without number"),
            _copy_of(products, 9, product_id="901", unit_price="on request"),
            _copy_of(products, 10),
        ],
    )
    _add(tables, "campaign_members", [member, held])
    _add(
        tables,
        "campaign_responses",
        [_copy_of(responses, 3, responded_at="", order_id="X0031")],
    )
    _add(
        tables,
        "ad_costs",
        [
            _copy_of(costs, 4, cost_amount="free", cost_on="2025-02-25"),
            _copy_of(costs, 5, cost_on="", cost_amount="71.11"),
        ],
    )
    _add(
        tables,
        "exchange_rates",
        [
            {
                "rate_on": "2025-03-03",
                "currency_code": "USD",
                "rate_to_reporting": "n/a",
            }
        ],
    )
    return [
        ("products", "Sample without number", "missing_key"),
        ("products", "901", "unreadable_unit_price"),
        ("products", products["product_id"].iloc[10], "duplicate_key"),
        ("campaign_contacts", member["account_id"], "duplicate_key"),
        ("campaign_contacts", held["account_id"], "unreadable_contacted_at"),
        ("campaign_responses", "X0031", "missing_responded_at"),
        ("marketing_costs", "free", "unreadable_cost_amount"),
        ("marketing_costs", "71.11", "missing_cost_on"),
        ("exchange_rates", "USD", "unreadable_rate_to_reporting"),
    ]


def add_dirty_rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Add every kind of dirty row to raw tables, in place; return their answer key."""
    key = [
        *_dirty_sales(tables),
        *_dirty_returns(tables),
        *_dirty_touches(tables),
        *_dirty_people(tables),
        *_dirty_rest(tables),
    ]
    return pd.DataFrame(key, columns=KEY_COLUMNS).sort_values(
        KEY_COLUMNS, ignore_index=True
    )
