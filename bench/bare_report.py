"""A process that sets documents with WeasyPrint and does nothing else: files are named in a line of
JSON, a line is answered when all of them are set."""

import json
import os
import sys
from pathlib import Path

from weasyprint import HTML

from qcc.infra.pdf.fonts import fontconfig_file
from qcc.infra.priority import step_behind


def main() -> None:
    """Set what is named, until nothing more comes."""
    step_behind(int(os.environ.get("NICE", "0")))
    for line in sys.stdin:
        for path in json.loads(line):
            HTML(string=Path(path).read_text("utf-8")).write_pdf(f"{path}.pdf")
        print("done", flush=True)


if __name__ == "__main__":
    os.environ["FONTCONFIG_FILE"] = str(fontconfig_file())
    main()
