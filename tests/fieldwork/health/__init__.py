"""How Baseroom itself fares, as the manager is told it."""
