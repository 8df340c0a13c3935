"""A small warehouse folder for each test."""

import pytest

from .small import Small


@pytest.fixture
def small(tmp_path) -> Small:
    return Small(tmp_path / "warehouse").build()
