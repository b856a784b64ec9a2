"""Peer detections, one module each, from their published definitions."""
