"""Who else may say who somebody is: a provider of OpenID Connect, a learning platform by LTI 1.3.

Both send a token that they have signed. `tokens` says whether it is theirs and meant for this sign-in,
`accounts` whom of the course it names. Every address that is asked stands in the course file, or in the
description of the provider that stands there. Their packages are not loaded where the course file has neither
table, and where neither answers, links and codes still sign people in.
"""

from grader.serve.identity import oidc
from grader.serve.identity.lti import launch

ROUTES = (*oidc.ROUTES, *launch.ROUTES)

FROM_ELSEWHERE = frozenset({"/lti/login", "/lti/launch"})
"""Paths that other sites send forms to; a token says who asks, and a cookie that the browser is the same."""
