"""How Baseroom lives in the chat platforms: settings, the composition root, dispatch, delivery, the scheduler, and
one folder per platform."""
