{#-
    Lower or upper end of the 90 % interval of a lift: the rate of a group over the rate of
    everybody, of whom the group is a part.

    The ratio r to the rest has the interval of Katz et al. (1978) in logarithms, half a case
    added so that no rate is 0 or 1 (as Pettigrew, Gart and Thomas, 1986); with w the share of
    the group, the lift is 1 / (w + (1 - w) / r), which rises with r.

    hits, cases            counts of the group
    all_hits, all_cases    counts of everybody
    side                   low or high
-#}
{% macro lift_limit(hits, cases, all_hits, all_cases, side) -%}
    {%- set rest_hits = "(" ~ all_hits ~ " - " ~ hits ~ ")" -%}
    {%- set rest_cases = "(" ~ all_cases ~ " - " ~ cases ~ ")" -%}
    {%- set ratio -%}
        exp(
            ln(({{ hits }} + 0.5e0) / ({{ cases }} + 1))
            - ln(({{ rest_hits }} + 0.5e0) / ({{ rest_cases }} + 1))
            {{ "-" if side == "low" else "+" }} 1.6448536269514722e0 * sqrt(
                1 / ({{ hits }} + 0.5e0) - 1e0 / ({{ cases }} + 1)
                + 1 / ({{ rest_hits }} + 0.5e0) - 1e0 / ({{ rest_cases }} + 1)
            )
        )
    {%- endset -%}
    case
        when {{ cases }} = 0 or {{ all_hits }} = 0 then null
        {%- if side == "low" %}
        when {{ hits }} = 0 then 0e0
        {%- else %}
        when {{ rest_hits }} = 0 then {{ share_of(all_cases, cases) }}
        {%- endif %}
        else
            round({{ all_cases }} / ({{ cases }} + {{ rest_cases }} / {{ ratio }}), 9)
    end
{%- endmacro %}
