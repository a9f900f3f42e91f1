"""What a platform's launch says: who comes, as what, to which exercise, and where the points go."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from grader.gradebook.course_identity import SOURCED_ID, CoursePlatform, origin_of
from grader.serve.identity.accounts import text_claim
from grader.serve.identity.tokens import TokenError
from grader.serve.people import Role

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
SERVICES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SEND_SCORES = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership"
VERSION = "1.3.0"
LAUNCH = "LtiResourceLinkRequest"
ASSISTANT = f"{MEMBER}/Instructor#TeachingAssistant"


EXERCISE = re.compile(r"/exercise/([A-Za-z0-9._-]+)/?$")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A launch.

    Args:
        subject: The platform's own id of the person.
        name: What stands on the roster; empty where the platform does not say it.
        shown_name: What people call the person.
        role: What the person is in the platform's course.
        exercise: Which one the link is to; empty for the whole course.
        line_item: Where the points go; empty where they go nowhere.
    """

    subject: str
    name: str
    shown_name: str
    role: Role
    exercise: str
    line_item: str


def read_message(claims: dict[str, Any], platform: CoursePlatform) -> Message:
    """A launch from a token that is known to be the platform's, meant for this server and this sign-in.

    Raises:
        TokenError: If it is no launch, from elsewhere on the platform than the course file says, or nobody's.
    """
    if claims.get(CLAIM + "version") != VERSION or claims.get(CLAIM + "message_type") != LAUNCH:
        raise TokenError("no launch of LTI 1.3")
    if claims.get(CLAIM + "deployment_id") not in platform.deployments:
        raise TokenError(f"of the deployment {str(claims.get(CLAIM + 'deployment_id'))[:100]!r}")
    subject = text_claim(claims.get("sub"))
    if not subject:
        raise TokenError("of nobody")
    return Message(
        subject=subject,
        name=platform.people.get(subject, "") or _name(claims, platform.claim),
        shown_name=text_claim(claims.get("name")),
        role=role_of(claims.get(CLAIM + "roles"), instructors=platform.instructors),
        exercise=text_claim(_table(claims, CLAIM + "custom").get("exercise")) or _target(claims),
        line_item=_line_item(_table(claims, SERVICES), platform),
    )


def _table(claims: dict[str, Any], name: str) -> dict[str, Any]:
    found = claims.get(name)
    return found if isinstance(found, dict) else {}


def _target(claims: dict[str, Any]) -> str:
    """The exercise that a platform's link itself leads to, where it is given as an address of this server."""
    found = EXERCISE.search(text_claim(claims.get(CLAIM + "target_link_uri")))
    return found[1] if found else ""


def _name(claims: dict[str, Any], claim: str) -> str:
    if claim == SOURCED_ID:
        return text_claim(_table(claims, CLAIM + "lis").get(SOURCED_ID))
    return text_claim(claims.get(claim))


def role_of(roles_claim: object, *, instructors: bool) -> Role:
    """Somebody's role here, by the roles in the platform's course; the least of several.

    Roles in the whole platform or institution, such as that of its administrators, are none here.

    Args:
        roles_claim: The token's list.
        instructors: Whether the platform's instructors are instructors here; else they are assistants.
    """
    roles = {one for one in roles_claim if isinstance(one, str)} if isinstance(roles_claim, list) else set()
    # A teaching assistant is said to be an instructor, too.
    if ASSISTANT in roles:
        found = Role.ASSISTANT
    elif f"{MEMBER}#Instructor" in roles:
        found = Role.INSTRUCTOR if instructors else Role.ASSISTANT
    else:
        return Role.STUDENT
    is_learner = any(one == f"{MEMBER}#Learner" or one.startswith(f"{MEMBER}/Learner#") for one in roles)
    return Role.STUDENT if is_learner else found


def _line_item(services: dict[str, Any], platform: CoursePlatform) -> str:
    """Where points go, where the platform grants it and the address is the platform's own."""
    address, scopes = services.get("lineitem"), services.get("scope")
    if not isinstance(address, str) or not isinstance(scopes, list) or SEND_SCORES not in scopes:
        return ""
    return address if is_of(address, platform) else ""


def is_of(address: str, platform: CoursePlatform) -> bool:
    """Whether an address that a token names is at one of the places that the course file names."""
    return origin_of(address) != "" and origin_of(address) in platform.origins
