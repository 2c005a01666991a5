"""Real clients: Microsoft's own local Teams client, started for the test (`make test-clients`)."""
