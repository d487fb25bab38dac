"""Paper templates: the HTML of a PDF, made without a request and without Flask.

A paper says what a regulation or a form says: Chinese data, so there is no translation here. Values
are escaped; a name that the template uses and the caller forgot is an error, not a blank.
"""

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qcc.infra.pdf.fonts import PROJECT

_environment = Environment(
    loader=FileSystemLoader(PROJECT / "qcc" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def paper_html(name: str, **context: Any) -> str:
    """The paper ``templates/pdf/<name>.html`` as one self-contained document."""
    return _environment.get_template(f"pdf/{name}.html").render(**context)
