"""Score predictions, from a checkout and without installing it (needs numpy, rich, tomlkit; pyarrow for a release).

    python leaderboard/score.py data predictions.jsonl
    python leaderboard/score.py build predictions.jsonl --labels

GOLD is the released data or a corpus built with `hexapla build`. The format is described in docs/scoring.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the checkout itself

from hexapla.errors import HexaplaError
from hexapla.score import score
from hexapla.score.table import print_report


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold")
    parser.add_argument("pred")
    parser.add_argument("--partial", action="store_true", help="take a file that leaves documents out")
    parser.add_argument("--labels", action="store_true", help="a row per label under each language")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.add_argument("--csv", action="store_true", help="all scores, as CSV")
    options = parser.parse_args()
    try:
        report = score(options.gold, options.pred, partial=options.partial)
    except HexaplaError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    elif options.csv:
        print(report.to_csv(), end="")
    else:
        print_report(report, labels=options.labels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
