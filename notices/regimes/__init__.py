"""Cards of foreign ESG and supply-chain regimes, and the check of every figure against the law's own words."""

from notices.regimes.loader import load_regimes
from notices.regimes.model import Figure, Level, Regime

__all__ = ["Figure", "Level", "Regime", "load_regimes"]
