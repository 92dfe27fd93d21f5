"""Secrets of second factors are encrypted at rest with the installation's field keys, like a brand's credentials."""

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class EncryptedFactors(DefaultMFAAdapter):
    """allauth stores what `encrypt` returns; the first key encrypts, all decrypt."""

    def encrypt(self, text: str) -> str:
        """The text as a Fernet token."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text of a Fernet token."""
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    @staticmethod
    def _fernet() -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
