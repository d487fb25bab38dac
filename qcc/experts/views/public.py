"""What everybody may know of a center: name, host, officers, its panel by name, employer, role."""

from flask import render_template

from qcc.experts.queries import get_public_center, list_public_members, list_public_officers
from qcc.experts.views.blueprint import Answer, bp
from qcc.infra.access import public


@bp.get("/public/centers/<int:center_id>")
@public
def public_center(center_id: int) -> Answer:
    """The public page of an established center."""
    center = get_public_center(center_id)
    return render_template(
        "experts/public_center.html",
        center=center,
        officers=list_public_officers(center_id),
        members=list_public_members(center_id),
    )
