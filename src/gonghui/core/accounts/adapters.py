"""How django-allauth is bound to our accounts: nobody signs up by himself, and second-factor secrets are encrypted at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from gonghui.kit import ciphers

BOUND_TO = "mfa_authenticator.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The system sends no e-mail."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of TOTP and recovery codes are sealed with the data key."""

    def encrypt(self, text: str) -> str:
        return ciphers.seal_text(text, bound_to=BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers.unseal_text(encrypted_text, bound_to=BOUND_TO)
