"""requests-oauth2client, at the command of the tests: each line of the input is a call as JSON
(`client`, `does`, and `set_up` the first time), and each line of the output its result or error."""

import json
import sys

import requests
from requests_oauth2client import (
    ClientSecretBasic,
    ClientSecretJwt,
    DPoPKey,
    OAuth2Client,
    PrivateKeyJwt,
    PublicApp,
)


def authentication(method, clientId, secret=None, privateJwk=None, audience=None, **_):
    if method == "client_secret_basic":
        return ClientSecretBasic(clientId, secret)
    if method == "client_secret_jwt":
        return ClientSecretJwt(clientId, secret, aud=audience)
    if method == "private_key_jwt":
        return PrivateKeyJwt(clientId, privateJwk, aud=audience)
    # With a certificate, the client says its name only (RFC 8705 section 2).
    return PublicApp(clientId)


class Client:
    """A client of the server at `origin`, with the tokens that it has."""

    def __init__(
        self, origin, redirectUri, dpop=None, certificate=None, forIssuer=False, **credentials
    ):
        self.session = requests.Session()
        # No proxies, authorities or passwords of the machine's.
        self.session.trust_env = False
        if certificate:
            self.session.verify = certificate["ca"]
            self.session.cert = (certificate["cert"], certificate["key"])
        self.oauth = OAuth2Client.from_discovery_endpoint(
            issuer=origin,
            # Without an audience, assertions are for the token endpoint.
            auth=authentication(audience=origin if forIssuer else None, **credentials),
            session=self.session,
            # The server is on loopback, without TLS.
            testing=True,
            redirect_uri=redirectUri,
            id_token_signed_response_alg="ES256",
            dpop_bound_access_tokens=bool(dpop),
        )
        self.key = DPoPKey.generate(alg=dpop) if dpop else None

    def signIn(self):
        # In version 1.8.0, the check of an ID token fails beside a DPoP-bound access token.
        scope = "read" if self.key else "openid read"
        request = self.oauth.authorization_request(scope=scope, dpop_key=self.key)
        answer = self.session.get(str(request), allow_redirects=False)
        self.tokens = self.oauth.authorization_code(
            request.validate_callback(answer.headers["Location"])
        )
        return self.tokens

    def refresh(self):
        self.tokens = self.oauth.refresh_token(self.tokens)
        return self.tokens

    def own(self):
        return self.oauth.client_credentials(scope="read", dpop_key=self.key)


def call(clients, client, does, set_up=None):
    if set_up is not None:
        clients[client] = Client(**set_up)
    tokens = getattr(clients[client], does)()
    return {"access_token": tokens.access_token, "token_type": tokens.token_type}


def main():
    clients = {}
    for line in sys.stdin:
        try:
            answer = {"result": call(clients, **json.loads(line))}
        except Exception as error:  # Every failure is for the test to judge.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
