"""Tests of what whoever runs Baseroom meets: settings, the commands, `doctor`, the doors of `serve`, and the logs."""
