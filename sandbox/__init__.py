"""An invented municipality and the platforms it is on: a real HTTP server that answers as they do, and knows the truth."""
