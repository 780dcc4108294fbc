"""Export from the window: what is asked for, the dialog that asks, and the work, off the window's thread."""
