"""What the three platforms promise alike: one card and one form, read by three readers."""
