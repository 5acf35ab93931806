"""All SQL of the app: journal, head log, deliveries, drafts, reference tables."""
