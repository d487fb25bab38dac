"""What pages of assessments show of an item: what is on record, in words."""

from qcc.evaluations.models import Assessment
from qcc.infra.i18n import _
from qcc.infra.templating import label
from qcc.kernel.rubrics import Item, Source


def known_words(assessment: Assessment, item: Item) -> object:
    """What the product knew of the item when the scoring began, and the points that follow from
    it; empty if nothing."""
    known = assessment.computed.get(item.code)
    if known is None:
        return ""
    facts = label(Source(known["source"])) % known["facts"]
    return _("On record: %(facts)s → %(points)s", facts=facts, points=known["points"])
