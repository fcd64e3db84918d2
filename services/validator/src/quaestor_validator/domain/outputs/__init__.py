"""A report in the forms that other tools read: editors, code hosts, build servers, terminals."""

from quaestor_validator.domain.outputs.render import OUTPUTS, Output, Subject, render

__all__ = ["OUTPUTS", "Output", "Subject", "render"]
