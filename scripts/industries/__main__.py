"""Write the seeds of an industry's connector and their answer key.

python -m scripts.industries banking --seed 1
"""

import argparse
from importlib import import_module
from pathlib import Path

from scripts.sample_company.__main__ import write_folder

PROJECT = Path(__file__).resolve().parents[2]
COMMITTED_SEED = 1
INDUSTRIES = ("banking", "healthcare", "telecom", "travel")


def write_company(
    industry: str, seed: int, seeds_folder: Path, answer_key_folder: Path
) -> None:
    """Make the company of an industry and write its seeds and its answer key."""
    company = import_module(f"scripts.industries.{industry}").make_company(seed)
    write_folder(seeds_folder, f"{industry}_", company.tables)
    # dbt wants names of files in tests/fixtures once.
    write_folder(answer_key_folder, f"{industry}_", company.answer_key)


def main() -> None:
    """Read the arguments and write both folders."""
    parser = argparse.ArgumentParser(prog="python -m scripts.industries")
    parser.add_argument("industry", choices=INDUSTRIES)
    parser.add_argument("--seed", type=int, default=COMMITTED_SEED)
    parser.add_argument("--seeds-folder", type=Path)
    parser.add_argument("--answer-key-folder", type=Path)
    given = parser.parse_args()
    write_company(
        given.industry,
        given.seed,
        given.seeds_folder or PROJECT / "seeds" / given.industry,
        given.answer_key_folder or PROJECT / "tests/fixtures" / given.industry,
    )


if __name__ == "__main__":
    main()
