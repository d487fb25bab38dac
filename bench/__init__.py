"""What `make bench` measures: each page or job beside its limit."""
