"""What every test may ask for by name; each module says what it lends."""

pytest_plugins = [f"tests.fixtures.{name}" for name in ("browser", "postgres", "migrated", "shared")]
