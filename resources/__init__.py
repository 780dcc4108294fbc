"""Data files: icon, desktop entry, translations."""
