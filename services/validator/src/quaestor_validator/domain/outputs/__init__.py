"""A report in the forms that other tools read: editors, code hosts, build servers, terminals."""

from quaestor_validator.domain.outputs.render import (
    OUTPUTS,
    Audit,
    Output,
    Subject,
    Text,
    render,
    render_all,
)

__all__ = ["OUTPUTS", "Audit", "Output", "Subject", "Text", "render", "render_all"]
