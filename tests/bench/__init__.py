"""The benchmarks of `make bench`: ratios within one run, on loopback, bounded, each server in a process of its own."""
