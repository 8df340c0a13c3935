{#- Probability that a standard normal variable is larger than a value, also far out: the
    Chebyshev fit of erfc in Numerical Recipes (erfcc; relative error below 2e-7). -#}
{% macro normal_tail(value) -%}
    {%- set x = "abs(" ~ value ~ ") / 1.4142135623730951" -%}
    {%- set t = "(1 / (1 + " ~ x ~ " / 2))" -%}
    {%- set coefficients = [
        0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806,
        0.09678418, 0.37409196, 1.00002368, -1.26551223
    ] -%}
    {#- A decimal literal would round at its scale on some engines. -#}
    {%- set series = namespace(text="0e0") -%}
    {%- for coefficient in coefficients -%}
        {%- set series.text = "(" ~ coefficient ~ "e0 + " ~ t ~ " * " ~ series.text ~ ")" -%}
    {%- endfor -%}
    {%- set tail = t ~ " * exp(" ~ series.text ~ " - " ~ x ~ " * " ~ x ~ ") / 2" -%}
    (case when {{ value }} < 0 then 1 - {{ tail }} else {{ tail }} end)
{%- endmacro %}
