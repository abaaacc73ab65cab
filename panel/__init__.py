"""The panel: what staff look at. Read-only, Turkish first, from loopback unless somebody says otherwise and sets a password."""
