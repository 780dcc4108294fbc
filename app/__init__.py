"""Start-up, command line, main window and player: puts engine and widgets together."""
