"""The screens: what a tired person sees and which keys go where."""
