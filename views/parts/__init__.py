"""Parts of the pages, a module per page or subject: what stands on it and in which words."""
