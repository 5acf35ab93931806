"""A simulated outage of many stations, from the first receipt to the signature, with faults on the whole way."""
