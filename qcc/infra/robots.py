"""Robots of group chats (DingTalk, WeCom): who has one gives the address that the chat shows.

Of an address only the token is kept, sealed; what is sent goes to the one host of each kind and to
no other, and follows nobody elsewhere. The only place that knows apprise, which takes half a second
to load and is loaded when something is sent.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.sealing import seal, unseal


class Robot(StrEnum):
    """Of which product a group chat's robot is."""

    DINGTALK = "dingtalk"
    WECOM = "wecom"


_ADDRESSES = {
    Robot.DINGTALK: re.compile(
        r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9A-Za-z]{16,128})"
    ),
    Robot.WECOM: re.compile(
        r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([0-9A-Za-z_-]{16,64})"
    ),
}
_SECRET = re.compile(r"[0-9A-Za-z]{0,128}")


class RobotUnreachable(OSError):
    """The robot's host did not take what was sent."""


@dataclass(frozen=True, slots=True)
class RobotAddress:
    """Where a robot is reached: its token, and the secret with which DingTalk wants it signed."""

    robot: Robot
    token: str
    secret: str = ""

    def sealed(self) -> str:
        """As it is kept."""
        return seal(f"{self.token}:{self.secret}")


def read_address(robot: Robot, address: str, secret: str = "") -> RobotAddress:
    """The address as the chat shows it; raises Refused."""
    found = _ADDRESSES[robot].fullmatch(address.strip())
    if found is None:
        raise Refused(_l("This is not the address of such a robot."), "address")
    if robot is Robot.WECOM and secret:
        raise Refused(_l("Only DingTalk robots have a signing secret."), "secret")
    if not _SECRET.fullmatch(secret):
        raise Refused(_l("A signing secret has letters and digits only."), "secret")
    return RobotAddress(robot, found[1], secret)


def unsealed(robot: Robot, sealed: str) -> RobotAddress:
    """The address that was kept; raises SealBroken."""
    token, _colon, secret = unseal(sealed).partition(":")
    return RobotAddress(robot, token, secret)


@cache
def _plugin(robot: Robot) -> Any:
    """The class of apprise that speaks to it; its host stands in the class."""
    if robot is Robot.DINGTALK:
        return import_module("apprise.plugins.dingtalk").NotifyDingTalk
    return import_module("apprise.plugins.wecombot").NotifyWeComBot


def send(address: RobotAddress, title: str, text: str) -> None:
    """Say something in the chat; raises RobotUnreachable."""
    plugin = _plugin(address.robot)
    if address.robot is Robot.DINGTALK:
        speaker = plugin(token=address.token, secret=address.secret or None)
    else:
        speaker = plugin(key=address.token)
    speaker.redirects = False
    if not speaker.notify(body=text, title=title, notify_type="info"):
        raise RobotUnreachable("the robot's host did not take it")
