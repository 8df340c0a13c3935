"""Write the seeds of the connector `sample_company` and their answer key.

python -m scripts.sample_company --seed 1
"""

import argparse
from pathlib import Path

import pandas as pd

from scripts.sample_company.generate import make_company

PROJECT = Path(__file__).resolve().parents[2]
COMMITTED_SEED = 1


def write_folder(folder: Path, prefix: str, tables: dict[str, pd.DataFrame]) -> None:
    """Write each table as CSV with LF, the same bytes on every machine."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n")
        (folder / f"{prefix}{name}.csv").write_text(
            text, encoding="utf-8", newline="\n"
        )


def main() -> None:
    """Read the arguments and write both folders."""
    parser = argparse.ArgumentParser(prog="python -m scripts.sample_company")
    parser.add_argument("--seed", type=int, default=COMMITTED_SEED)
    parser.add_argument(
        "--seeds-folder", type=Path, default=PROJECT / "seeds/sample_company"
    )
    parser.add_argument(
        "--answer-key-folder",
        type=Path,
        default=PROJECT / "tests/fixtures/sample_company",
    )
    parser.add_argument(
        "--without-slide",
        action="store_true",
        help="no segment orders less often at the end of the second year",
    )
    arguments = parser.parse_args()
    company = make_company(arguments.seed, with_slide=not arguments.without_slide)
    write_folder(arguments.seeds_folder, "sample_", company.tables)
    write_folder(arguments.answer_key_folder, "", company.answer_key)


if __name__ == "__main__":
    main()
