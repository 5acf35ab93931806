"""How fast a window is: keys, seconds by the keystroke-level model, and how soon a queue is gone."""
