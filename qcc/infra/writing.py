"""How templates are turned into Python: as Jinja does it, with two short cuts for what pages are
made of, words of ours and values of rows. Both write exactly what Jinja would."""

import re
from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_unsafe = re.compile("[&<>'\"]").search


def written(value: Any) -> str:
    """A value as it stands in a page: escaped, unless it is known to be safe as it is."""
    kind = type(value)
    if kind is Markup or (kind is str and not _unsafe(value)):
        return value  # type: ignore[no-any-return]
    return escape(value)


def _is_plain_message(call: nodes.Call) -> bool:
    """Whether it is _("…") without values."""
    return (
        isinstance(call.node, nodes.Name)
        and call.node.name == "_"
        and len(call.args) == 1
        and not (call.kwargs or call.dyn_args or call.dyn_kwargs)
    )


class Generator(CodeGenerator):
    """Writes the Python of a template."""

    def visit_Call(  # noqa: N802 - the name is Jinja's
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Messages are asked for directly: they need none of what a call of anything may need."""
        if not _is_plain_message(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(context.eval_ctx, ")
        self.visit(node.args[0], frame)
        self.write(")")

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        """What is safe already is not looked through again."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class Components:
    """The macros of a file, for all templates; read at their first use, when all they call is
    there."""

    def __init__(self, templates: Environment, file: str) -> None:
        self._templates, self._file = templates, file

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._templates.get_template(self._file).module, name)
        setattr(self, name, macro)
        return macro


class Templates(Environment):
    """Flask's templates, written so. All of them share the same globals."""

    code_generator_class = Generator

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.written = written
        self.globals["ui"] = Components(self, "components/ui.html")

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A template without globals of its own needs no layer above those of all."""
        return super().make_globals(d) if d else self.globals
