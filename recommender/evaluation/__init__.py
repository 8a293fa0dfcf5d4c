"""How well an encoder retrieves: metrics, splits without leaks, protocols, baselines, reports."""
