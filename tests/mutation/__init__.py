"""Mutation of data: every single change to a shipped definition must be noticed by check or verify."""
