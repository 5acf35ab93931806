"""How fast an entry is typed into a HIS: off the worksheet, by the clipboard, off the screen."""
