/**
 * The standard normal distribution.
 *
 *   normalQuantile(p)    rational functions of Wichura's AS 241, about 1e-15; 0 < p < 1
 *   normalCdf(z)         series within 3 of 0, continued fraction in the tails, relative error about 1e-14
 *
 * Examples: normalQuantile(0.95) = 1.6448536269514722; normalCdf(1.6448536269514722) = 0.95.
 * Sources: Wichura, Applied Statistics 37 (1988), AS 241; DLMF 7.6.2, 7.9.1.
 */

/** Relative size of the term at which a series or a continued fraction ends. */
export const EPSILON = 4e-15;

export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const [above, below] = r <= 5 ? MIDDLE : TAIL;
  const s = r - (r <= 5 ? 1.6 : 5);
  const z = polynomial(above, s) / polynomial(below, s);
  return q < 0 ? -z : z;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let total = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) total = total * x + coefficients[i]!;
  return total;
}

/** Beyond 38 the tail is too small for a number. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let total = x;
    for (let n = 3; term > EPSILON * total; n += 2) {
      term *= (x * x) / n;
      total += term;
    }
    return z < 0 ? 0.5 - density * total : 0.5 + density * total;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / fraction;
  return z < 0 ? density / fraction : 1 - density / fraction;
}

type Ratio = readonly [readonly number[], readonly number[]];
const CENTRE: Ratio = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.693765509461, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
];
const MIDDLE: Ratio = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 7.745450142783414e-4,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    5.475938084995345e-4, 1.0507500716444169e-9,
  ],
];
const TAIL: Ratio = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 7.868691311456133e-4, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];
