"""What every test may ask for by name; each module says what it lends."""

pytest_plugins = ["tests.fixtures.browser", "tests.fixtures.postgres", "tests.fixtures.shared"]
