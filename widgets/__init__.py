"""Views: each paints a `Frame` and tells by signals what a person does. Imports nothing of the app."""
