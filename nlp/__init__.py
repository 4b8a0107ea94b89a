"""WHAT IT MEANS: text analysis, codes, references, dates, languages and sectors."""
