// Amounts in Kubernetes' notation
// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
}

/** `500m` is 0.5, `1Gi` is 1073741824, `2e3` is 2000; 0 for what is no amount. */
export function readQuantity(text: unknown): number {
  const [, digits, unit = ''] =
    /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([numkMGTPE]i?|Ki)?$/.exec(`${text}`) ?? []
  const amount = Number(digits) * (unit === '' ? 1 : (FACTORS[unit] ?? Number.NaN))
  return Number.isFinite(amount) ? amount : 0
}

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi']

/** Cores as a quantity: `2`, `500m`; the smallest amount is a thousandth of a core, and parts of it round up. */
export function toCpuQuantity(cores: number): string {
  // 1.1 * 1000 is a little more than 1100: only what is more than rounding noise counts as a part.
  const millis = Math.max(1, Math.ceil(Number((cores * 1000).toFixed(6))))
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`
}

/** Bytes as a quantity: `512Mi`, and the plain number where no binary unit divides it. */
export function toMemoryQuantity(bytes: number): string {
  let amount = Math.ceil(bytes)
  let unit = 0
  while (amount % 1024 === 0 && unit < binarySuffixes.length - 1) {
    amount /= 1024
    unit += 1
  }
  return `${amount}${binarySuffixes[unit]}`
}
