"""An interview in a file: `feature_id`, and the turns as they would be typed."""

from pathlib import Path
from typing import Annotated

import click
import msgspec
from msgspec import Meta

from quaestor_shared.contracts.base import FeatureId

__all__ = ["AnswersFile", "read_answers"]


class AnswersFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `--answers` reads, as YAML or JSON. A turn is text: numbered lines, or `Finalize`."""

    feature_id: FeatureId
    turns: Annotated[tuple[str, ...], Meta(min_length=1)]
    profile: str = "backend-designer"


def read_answers(file: Path) -> AnswersFile:
    """Read an answers file. Raises click.UsageError with the place of a fault."""
    import yaml

    try:
        raw = yaml.safe_load(file.read_bytes())
        return msgspec.convert(raw, AnswersFile)
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise click.UsageError(f"{file} is not YAML: {error}") from error
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{file} is no answers file: {error}") from error
