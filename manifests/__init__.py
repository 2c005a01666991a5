"""The app manifests, built from the registry: what a manifest offers is what the handlers answer, and nothing else."""
