"""A weekly plan of posts by the hour, as people hand it in."""
