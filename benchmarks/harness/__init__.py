"""The measuring harness behind ./benchmarks/run."""
