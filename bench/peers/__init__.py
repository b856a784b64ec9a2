"""The peers, one module each, from their published definitions."""
