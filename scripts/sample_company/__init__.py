"""Larkfield, a made-up company whose truth is known: raw tables, answer key."""
