"""Files that people hand in, Excel or text, into rows of cells, and what such cells mean."""
