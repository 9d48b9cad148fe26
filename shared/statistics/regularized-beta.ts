const PRECISION = 1e-15;
const MAX_TERMS = 10_000;
const TINY = 1e-300;

/**
 * The regularized incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1, by the continued fraction of
 * DLMF 8.17.22, evaluated by the modified method of Lentz (Thompson and Barnett 1986).
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it, I_x(a, b) = 1 - I_{1-x}(b, a).
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return front * fraction;
}

/** ln Γ(x) for x > 0, by Stirling's series (DLMF 5.11.1) after raising x by the recurrence Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let product = 1;
  let raised = x;
  for (; raised < 15; raised += 1) product *= raised;
  const inverse = 1 / (raised * raised);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / raised;
  return (
    (raised - 0.5) * Math.log(raised) - raised + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
  );
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
