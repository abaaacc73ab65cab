"""Reports: a snapshot as the documents that are handed in. What a report says is one thing (`content`), how it is written another
(`word`, `excel`, `pdf`, `csv_files`): each writer takes the same content and adds nothing of its own."""
