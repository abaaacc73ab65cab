"""Figures that people hand in as files: for history before mecra, and for channels without an interface."""
