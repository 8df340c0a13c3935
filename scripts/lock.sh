#!/usr/bin/env bash
# Resolve all groups together, then write one lock per group that agrees with the whole.
set -euo pipefail
uv=${1:?path of uv}
everything=$(mktemp --suffix .txt)
trap 'rm -f "$everything"' EXIT

compile() {
    env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL "$uv" pip compile pyproject.toml \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet "$@"
}

compile --group development --group reports --group engines --group postgres \
    --output-file "$everything"
compile --constraint "$everything" --output-file requirements/run.txt
for group in development reports engines postgres; do
    compile --constraint "$everything" --group "$group" \
        --output-file "requirements/$group.txt"
done
