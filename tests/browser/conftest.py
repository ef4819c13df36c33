"""A real browser: Debian's Chromium, driven by Playwright."""

import os

import pytest

from tests.browser.browsers import MISSING, installed, launched


@pytest.fixture(scope="session")
def chromium():
    """The browser. With GRADUS_BROWSER=required, as in CI, a test without one fails."""
    if installed() is None:
        required = os.environ.get("GRADUS_BROWSER") == "required"
        (pytest.fail if required else pytest.skip)(MISSING)
    with launched() as browser:
        yield browser


@pytest.fixture
def opened(chromium):
    """Opens a file; in the end nothing may have asked, failed, or used the network."""
    contexts, wrong = [], []

    def watch(page):
        page.on(
            "dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss())
        )
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on(
            "request",
            lambda request: (
                request.url.startswith("file:") or wrong.append(f"request: {request.url}")
            ),
        )

    def open_file(path, **options):
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert wrong == []
