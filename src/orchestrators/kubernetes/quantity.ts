// Reads amounts in Kubernetes' notation
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
