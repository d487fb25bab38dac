"""Which fonts papers are set in: the system's, and the project's own folder beside them.

仿宋 and 楷体 are not among the packaged system fonts, so they lie in a folder of the project
(``QCC_FONT_DIR``, else ``var/fonts``). Fontconfig learns of it from a file written here: found that
way fonts cost nothing, whereas the same fonts as ``@font-face`` cost seconds in every rendering.
"""

import logging
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from qcc.infra.pdf.errors import PdfFailed

PROJECT = Path(__file__).resolve().parents[3]
EXPECTED = ("FandolFang-Regular.otf", "FandolKai-Regular.otf")

_log = logging.getLogger(__name__)
_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <cachedir>{folder}/cache</cachedir>
  <dir>{folder}/fonts</dir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <!-- Their Latin is heavier than their Chinese: letters and digits come from the next font. -->
  {scans}
</fontconfig>
"""


_SCAN = """<match target="scan">
    <test name="family"><string>{family}</string></test>
    <edit name="charset" mode="assign"><minus><name>charset</name><charset>
      <range><int>0x21</int><int>0x7e</int></range><int>0x2030</int>
    </charset></minus></edit>
  </match>"""


def font_folder() -> Path:
    """Where the project's own fonts lie."""
    return Path(os.environ.get("QCC_FONT_DIR") or PROJECT / "var" / "fonts").resolve()


def fontconfig_file() -> Path:
    """Write the fontconfig file and return its path; the same content each time."""
    fonts = font_folder()
    for name in EXPECTED:
        if not (fonts / name).is_file():
            _log.warning("font %s is not in %s: papers fall back to other fonts", name, fonts)
    scans = "\n  ".join(_SCAN.format(family=name.partition("-")[0]) for name in EXPECTED)
    # Fontconfig keeps scans by folder name and does not see that another configuration made them:
    # the fonts get a name of their own for each content of this file.
    digest = sha256(f"{fonts} {_CONFIG} {scans}".encode()).hexdigest()[:12]
    folder = _private_folder() / digest
    folder.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        (folder / "fonts").symlink_to(fonts, target_is_directory=True)
    return _written(folder / "fonts.conf", _CONFIG.format(folder=escape(str(folder)), scans=scans))


def _private_folder() -> Path:
    """``var/fontconfig`` of the project; where that can't be written, one in the temp folder."""
    for folder in (
        PROJECT / "var" / "fontconfig",
        Path(tempfile.gettempdir()) / f"qcc-fontconfig-{os.getuid()}",
    ):
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
                return folder
    raise PdfFailed("no folder for the font configuration can be written")


def _written(path: Path, text: str) -> Path:
    """Put *text* at *path* in one step: other workers may be reading it."""
    if path.is_file() and path.read_text("utf-8") == text:
        return path
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, path)
    return path
