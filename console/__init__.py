"""What a person sees in the terminal: tables, progress, consent, advice. No logic of collecting."""
