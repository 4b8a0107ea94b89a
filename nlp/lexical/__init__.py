"""Text analysis that loads no model until Hangul is met."""
