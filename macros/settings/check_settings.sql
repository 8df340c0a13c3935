{#- Stop before any model runs when a var on the command line is unknown or unreadable. -#}
{% macro check_settings() %}
    {%- set known = (var("settings").keys() | list) + ["connector", "schema_prefix"] -%}
    {%- for name in (invocation_args_dict.get("vars") or {}) if name not in known -%}
        {{ exceptions.raise_compiler_error(
            "There is no setting '" ~ name ~ "'. vars.yml lists those there are."
        ) }}
    {%- endfor -%}
    {%- if var("connector") == "files" -%}
        {%- do files_inspection() -%}
    {%- endif -%}
    {%- if connector_declaration().get("has_raw_identifiers") and not env_var("SEGMENTATION_SALT", "") -%}
        {{ exceptions.raise_compiler_error(
            "The connector '" ~ var("connector") ~ "' holds raw e-mail addresses or phone"
            ~ " numbers: set SEGMENTATION_SALT to a secret text by which they are hashed"
            ~ " (make keeps one in .salt)."
        ) }}
    {%- endif -%}
    {%- set choices = {
        "industry": var("industries").keys() | list,
        "recency_basis": ["days", "seasons"],
        "ledger_conversion": ["line", "month"],
        "attribution_model": ["last_touch", "linear"],
        "discounts_as_marketing": ["none", "attributed", "all"],
        "affinity_level": ["department", "category", "product_type"],
        "basket_level": ["department", "category", "product_type"],
    } -%}
    {%- for name, values in choices.items() if setting(name) not in values -%}
        {{ exceptions.raise_compiler_error(
            "The setting '" ~ name ~ "' must be " ~ values | join(" or ") ~ ", not '"
            ~ setting(name) ~ "'."
        ) }}
    {%- endfor -%}
    {%- set channels = setting("acquisition_channels") -%}
    {%- if channels is none or channels is string or channels is not sequence or channels is mapping -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'acquisition_channels' must be a list like [paid_social], not '"
            ~ channels ~ "'."
        ) }}
    {%- endif -%}
    {%- set capacity = setting("sales_capacity_per_week") -%}
    {%- if not (capacity is integer and capacity >= 1) or capacity is boolean -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'sales_capacity_per_week' must be a whole number of at least 1, not '"
            ~ capacity ~ "'."
        ) }}
    {%- endif -%}
    {%- set generations = setting("published_generations") -%}
    {%- if not (generations is integer and generations >= 1) or generations is boolean -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'published_generations' must be a whole number of at least 1, not '"
            ~ generations ~ "'."
        ) }}
    {%- endif -%}
    {%- for name in ["as_of_date", "loaded_on"] if setting(name) is not none -%}
        {%- if not modules.re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", setting(name) | string) -%}
            {{ exceptions.raise_compiler_error(
                "The setting '" ~ name ~ "' must be a date like 2018-01-01, not '"
                ~ setting(name) ~ "'."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- if setting("offer_level") not in ["product_type", "product"] -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'offer_level' must be product_type or product, not '"
            ~ setting("offer_level") ~ "'."
        ) }}
    {%- endif -%}
    {%- if setting("offer_backtest_days") < setting("offer_horizon_days") -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'offer_backtest_days' (" ~ setting("offer_backtest_days")
            ~ ") must not be below 'offer_horizon_days' (" ~ setting("offer_horizon_days")
            ~ "): the horizon after the cut-off has to have passed."
        ) }}
    {%- endif -%}
    {%- if not 1 <= setting("offers_per_customer") <= 10 -%}
        {{ exceptions.raise_compiler_error(
            "The setting 'offers_per_customer' must be from 1 to 10, not "
            ~ setting("offers_per_customer") ~ "."
        ) }}
    {%- endif -%}
{% endmacro %}
