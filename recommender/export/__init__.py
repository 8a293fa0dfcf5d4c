"""Similar products for any web shop: files that need neither a server nor a model."""
