"""A provider of sign-ins on this machine (OpenID Connect Core 1.0, code flow), honest or not.

It vouches for `person` without asking. `spoil` names what is wrong with the next tokens.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

SPOILS = ("signature", "audience", "issuer", "nonce", "expired")
CLIENT = "potenzialatlas"
KNOWN = {"kid": "one", "use": "sig", "alg": "RS256"}


class Provider:
    def __init__(self) -> None:
        self.person = {"sub": "1", "name": "Anna Amt", "email": "anna@amt.example",
                       "email_verified": True}  # fmt: skip
        self.spoil = ""
        self.nonces: dict[str, str] = {}
        self.key = RSAKey.generate_key(2048, parameters=KNOWN)
        # Has the name of the right one.
        self.foreign = RSAKey.generate_key(2048, parameters=KNOWN)
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def configuration(self) -> dict:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def code(self, query: dict[str, str]) -> str:
        code = f"code-{len(self.nonces)}"
        self.nonces[code] = query.get("nonce", "")
        return code

    def token(self, code: str) -> dict:
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600,
            "nonce": self.nonces.pop(code), **self.person,
        }  # fmt: skip
        wrong = {
            "audience": {"aud": "somebody-else"}, "issuer": {"iss": "http://elsewhere.example"},
            "nonce": {"nonce": "of another sign-in"}, "expired": {"iat": now - 9_000,
                                                                  "exp": now - 8_000},
        }  # fmt: skip
        key = self.foreign if self.spoil == "signature" else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims | wrong.get(self.spoil, {}), key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            at = urlsplit(self.path)
            query = {key: value[0] for key, value in parse_qs(at.query).items()}
            match at.path:
                case "/.well-known/openid-configuration":
                    self.say(provider.configuration())
                case "/jwks":
                    self.say({"keys": [provider.key.as_dict(private=False)]})
                case "/authorize":
                    told = {"code": provider.code(query), "state": query["state"]}
                    self.send_response(302)
                    self.send_header("Location", f"{query['redirect_uri']}?{urlencode(told)}")
                    self.end_headers()
                case _:
                    self.send_error(404)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(provider.token(parse_qs(body)["code"][0]))

        def say(self, content):
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
