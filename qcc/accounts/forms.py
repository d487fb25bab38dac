"""Forms of signing in, passwords, users and roles."""

from typing import Any

from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from qcc.infra.forms import Form, OnceForm, VersionedForm, at_most, required
from qcc.infra.i18n import LANGUAGES, _, _l
from qcc.infra.robots import Robot
from qcc.infra.templating import label
from qcc.kernel.permissions import Role

# Longer input is not a password of ours; hashing it would only cost time.
_LONGEST_TYPED = 1024


def _password(text: Any, autocomplete: str) -> PasswordField:
    """A password is taken as typed: blanks at its ends belong to it."""
    return PasswordField(
        text,
        [InputRequired(_l("Fill this in.")), at_most(_LONGEST_TYPED)],
        render_kw={"autocomplete": autocomplete},
    )


class SignInForm(Form):
    """Who wants in."""

    username = StringField(
        _l("User name"),
        [required(), at_most(60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = _password(_l("Password"), "current-password")


class NewPasswordForm(Form):
    """A password to be set, typed twice."""

    password = _password(_l("New password"), "new-password")
    again = _password(_l("New password, once more"), "new-password")

    def validate_again(self, field: PasswordField) -> None:
        """Both must be the same."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ."))


class ChangePasswordForm(NewPasswordForm):
    """One's own password to be replaced."""

    old = _password(_l("Present password"), "current-password")


class PlainForm(Form):
    """An act that needs no more than the intent."""


class ActForm(VersionedForm):
    """An act on a user as this version shows them."""


class InvitationForm(OnceForm):
    """An account for a person."""

    username = StringField(
        _l("User name"),
        [required(), at_most(30)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class RoleForm(OnceForm):
    """A role to be given at an organization."""

    role = SelectField(_l("Role"), [required()])
    organization = StringField(_l("Organization"), [required(), at_most(120)])

    def __init__(self, roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [("", _("Choose a role")), *((r.value, label(r)) for r in roles)]


class ChannelsForm(VersionedForm):
    """By which ways one is told. The address of a robot is typed like a password: it is one."""

    by_mail = BooleanField(_l("Tell me by mail"))
    language = RadioField(_l("Language of what I am told"))
    robot = SelectField(_l("Robot of a group chat"))
    address = PasswordField(
        _l("Address of the robot"), [at_most(300)], render_kw={"autocomplete": "off"}
    )
    secret = PasswordField(
        _l("Signing secret (DingTalk, if set)"), [at_most(128)], render_kw={"autocomplete": "off"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = list(LANGUAGES.items())
        self.robot.choices = [
            ("", _("None")),
            (Robot.DINGTALK.value, _("DingTalk")),
            (Robot.WECOM.value, _("WeCom")),
        ]
