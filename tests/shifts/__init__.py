"""Whole shifts at the real screens, with whatever can go wrong, beside books kept by hand."""
