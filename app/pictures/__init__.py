"""Pictures of a recording for documents: any view at any moment, as PNG, SVG or PDF, and back from a picture."""
