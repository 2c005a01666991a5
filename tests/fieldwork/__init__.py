"""A fieldwork day, played through the real dispatch, delivery and scheduler over a real SQLite file."""
