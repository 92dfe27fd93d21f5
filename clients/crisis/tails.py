"""How unlikely a count is: tails of the distributions that mentions follow. Pure arithmetic.

Counts of an hour scatter more than Poisson's: the negative binomial with variance `spread` times its mean.
"""

from collections.abc import Callable
from math import exp, lgamma, log, log1p

ENOUGH = 1e-12


def log_count(k: int, mean: float, spread: float) -> float:
    """The logarithm of how likely exactly `k` is. `spread` is variance over mean; up to 1.01 it is Poisson's."""
    if spread <= 1.01:
        return k * log(mean) - mean - lgamma(k + 1)
    shape = mean / (spread - 1)
    return lgamma(k + shape) - lgamma(k + 1) - lgamma(shape) - shape * log(spread) + k * log1p(-1 / spread)


def at_least(k: int, mean: float, spread: float) -> float:
    """How likely `k` or more is."""
    if k <= mean:
        return 1.0
    return _summed(k, lambda n: log_count(n, mean, spread))


def from_which(mean: float, spread: float, chance: float) -> int:
    """The smallest count that is `chance` or less likely to be reached."""
    low, high = int(mean), int(mean) + 1
    while at_least(high, mean, spread) > chance:
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at_least(middle, mean, spread) > chance else (low, middle)
    return high


def share_at_least(k: int, of: int, share: float) -> float:
    """How likely `k` or more of `of` are, where each is with the chance `share`."""
    if k <= of * share:
        return 1.0
    whole = lgamma(of + 1)
    return min(
        1.0,
        sum(
            exp(whole - lgamma(n + 1) - lgamma(of - n + 1) + n * log(share) + (of - n) * log1p(-share))
            for n in range(k, of + 1)
        ),
    )


def _summed(k: int, logarithm: Callable[[int], float]) -> float:
    """From `k` upward, where each term is smaller than the one before."""
    total = term = exp(logarithm(k))
    while term > ENOUGH * total and term > 0.0:
        k += 1
        term = exp(logarithm(k))
        total += term
    return min(1.0, total)
