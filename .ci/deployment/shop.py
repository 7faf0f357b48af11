"""The deployed shop as an ordinary client reaches it: its pages, and its API for the staff."""

import base64
import hmac
import json
import struct
import time
import urllib.error
import urllib.parse
import urllib.request

SHOP = "ruche"
DOMAIN = "ruche.example"
OWNER = f"owner@{DOMAIN}"
EMAIL = "zoe@example.com"
PASSWORD = "Miel-et-cire-2026"


class Redirects(urllib.request.HTTPRedirectHandler):
    """Are answers like any other."""

    def redirect_request(self, *_):
        return None


class Site:
    """The API under its own name, which only the emulator knows."""

    def __init__(self, emulator, url):
        self.base = emulator.base
        self.host = urllib.parse.urlsplit(url).netloc
        self.opener = urllib.request.build_opener(Redirects)

    def send(self, method, url, body=None, **headers):
        """Status, headers and text of the answer; `url` may be whole, or its path."""
        url = urllib.parse.urlsplit(url)
        path = urllib.parse.urlunsplit(("", "", url.path, url.query, ""))
        headers = {"host": self.host, "accept": "text/html", **headers}
        if isinstance(body, list):
            body, headers["content-type"] = urllib.parse.urlencode(body).encode(), "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.headers, answer.read()

    def page(self, url):
        status, _, text = self.send("GET", url)
        assert status == 200, (status, text)
        return text.decode()

    def post(self, url, fields):
        """Where a page's form leads."""
        status, headers, text = self.send("POST", url, fields)
        assert status == 303, (status, text)
        return urllib.parse.urljoin(url, headers["location"])


class Desk:
    """The API as the shop's staff use it."""

    def __init__(self, site, token):
        self.site = site
        self.token = token

    def ask(self, method, path, body=None, **headers):
        if body is not None:
            body, headers["content-type"] = json.dumps(body).encode(), "application/json"
        headers = {"accept": "application/json", "authorization": f"Bearer {self.token}", **headers}
        status, _, text = self.site.send(method, path, body, **headers)
        assert status < 300, (method, path, status, text)
        return json.loads(text)


def authenticator(secret):
    """The six digits that an app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    digits = struct.unpack_from(">I", digest, digest[-1] & 15)[0] & 0x7FFFFFFF
    return f"{digits % 1_000_000:06}"


def sign_in(stack):
    """The shop's owner, made by an administrator: the ID token."""
    cognito, pool = stack.emulator.client("cognito-idp"), stack.outputs["StaffPoolId"]
    attributes = {"email": OWNER, "email_verified": "true", "custom:shop": SHOP}
    attributes = [{"Name": name, "Value": value} for name, value in attributes.items()]
    cognito.admin_create_user(UserPoolId=pool, Username=OWNER, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=OWNER, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=OWNER, GroupName="owner")
    client = {"UserPoolId": pool, "ClientId": stack.outputs["StaffClientId"]}
    answer = cognito.admin_initiate_auth(
        **client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters={"USERNAME": OWNER, "PASSWORD": PASSWORD})
    if answer.get("ChallengeName") == "MFA_SETUP":
        app = cognito.associate_software_token(Session=answer["Session"])
        verified = cognito.verify_software_token(Session=app["Session"], UserCode=authenticator(app["SecretCode"]))
        answer = cognito.admin_respond_to_auth_challenge(
            **client, ChallengeName="MFA_SETUP", ChallengeResponses={"USERNAME": OWNER}, Session=verified["Session"])
    return answer["AuthenticationResult"]["IdToken"]
