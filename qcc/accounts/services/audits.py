"""What is done with the audit trail itself: it is recorded like everything else."""

from collections.abc import Mapping, Sequence

from qcc.infra import audit
from qcc.kernel.permissions import Actor


def note_audit_export(actor: Actor, form: str, filters: Mapping[str, str], count: int) -> None:
    """Record that events were taken out, in which form, by which filters, how many."""
    audit.record(
        actor, "audit.exported", "audit", form, {"filters": dict(filters), "events": count}
    )


def note_audit_verification(actor: Actor, breaks: Sequence[audit.Break]) -> None:
    """Record that the chain was verified, and what was found."""
    found = [{"event": broken.seq, "reason": broken.reason} for broken in breaks[:20]]
    audit.record(actor, "audit.verified", "audit", "chain", {"breaks": len(breaks), "first": found})
