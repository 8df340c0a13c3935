-- Whoever is held out is so on every engine and in Python: the bucket of known digests.
-- 1847898976920364 is 690a78219a32c, the first 13 digits of the MD5 of C01|1001.
with buckets as (
    select
        {{ holdout_bucket("'C01'", "'1001'") }} as bucket,
        1847898976920364e0 / 4503599627370496e0 as expected_bucket,
        {{ is_held_out("'C01'", "'1001'", 0.42) }} as is_below,
        {{ is_held_out("'C01'", "'1001'", 0.41) }} as is_above
)

select * from buckets
where bucket <> expected_bucket or not is_below or is_above
