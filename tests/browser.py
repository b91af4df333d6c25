"""Debian's Chromium for the browser tests; where it is missing they are skipped with that reason."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, sync_playwright

from gonghui.core.accounts.models import User

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PASSWORD = "kan-bu-jian-de-mima"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HURRY = 5  # seconds
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's event loop runs in the test's thread


@contextmanager
def browser(*switches: str) -> Iterator[Browser]:
    """A headless Chromium, with further switches of its command line."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
        yield chromium
        chromium.close()


def let_sign_in(user: User) -> None:
    """Gives an account a password and a TOTP authenticator."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    TOTP.activate(user, SECRET)


def code_now(secret: str = SECRET) -> str:
    """What the authenticator shows; like a person, it waits for the next code where this one is about to go."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < HURRY:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def sign_in(page: Page, address: str, username: str) -> None:
    """Password, then code, as a person does."""
    page.goto(f"{address}/")
    page.get_by_label("登录名").or_(page.get_by_label("用户名")).fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("input[name=code]").fill(code_now())
    page.locator("main button[type=submit], main form button").first.click()
    page.wait_for_url(f"{address}/")
