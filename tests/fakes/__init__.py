"""Stand-ins for the chat platforms, written by hand, at least as strict as what they stand for."""
