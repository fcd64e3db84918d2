"""What a rule is, and what it says when it is broken."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from quaestor_shared.contracts.artifact import Artifact
from quaestor_shared.contracts.findings import Finding, Fix, Severity
from quaestor_shared.contracts.validation import RuleView
from quaestor_shared.pointers import pointer
from quaestor_validator.domain.pages import page_of

__all__ = ["Issue", "Rule", "folded"]


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One breach of a rule; `path` leads to it from the artifact's root."""

    path: tuple[str | int, ...]
    message: str
    expected: str | None = None
    actual: str | None = None
    fix: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with a stable code; `check` is pure and gives the breaches in document order."""

    code: str
    severity: Severity
    title: str
    check: Callable[[Artifact], Iterable[Issue]]

    def findings(self, artifact: Artifact) -> Iterator[Finding]:
        """Apply the rule."""
        for issue in self.check(artifact):
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=issue.message,
                pointer=pointer(issue.path),
                expected=issue.expected,
                actual=issue.actual,
                fix=Fix(description=issue.fix) if issue.fix else None,
                rule_url=page_of(self.code),
            )

    def view(self) -> RuleView:
        """Give the rule as clients see it."""
        return RuleView(
            code=self.code, severity=self.severity, title=self.title, url=page_of(self.code)
        )


_SEPARATORS = str.maketrans("", "", "_- ")


def folded(name: str) -> str:
    """Fold what people vary when they write the same name: case, `_`, `-` and spaces."""
    return name.casefold().translate(_SEPARATORS)
