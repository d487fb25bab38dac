"""How a person chooses to be told."""

from qcc.accounts.models import ToldBy
from qcc.infra import audit
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import LANGUAGES, _l
from qcc.infra.robots import Robot, read_address
from qcc.kernel.permissions import Actor


def choose_channels(
    actor: Actor,
    version: int,
    *,
    by_mail: bool,
    language: str,
    robot: Robot | None,
    address: str = "",
    secret: str = "",
) -> None:
    """Keep how the actor wants to be told. A robot's address is asked for once: left empty, the one
    that is kept stays. Raises StaleEdit or Refused."""
    choice = db.session.get(ToldBy, actor.person_id, with_for_update=True)
    if choice is None:
        choice = ToldBy(person_id=actor.person_id)
        db.session.add(choice)
    else:
        require_version(choice, version)
    if language not in LANGUAGES:
        raise Refused(_l("Choose a language."), "language")
    choice.by_mail, choice.language = by_mail, language
    if robot is None:
        choice.robot, choice.robot_sealed = None, None
    elif address:
        choice.robot, choice.robot_sealed = robot, read_address(robot, address, secret).sealed()
    elif choice.robot is not robot:
        raise Refused(_l("Give the address of the robot."), "address")
    db.session.flush()
    detail = {"by_mail": by_mail, "language": language, "robot": robot.value if robot else ""}
    audit.record(actor, "user.channels_chosen", "user", actor.user_id, detail)
