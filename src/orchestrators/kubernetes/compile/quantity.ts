// Amounts in Kubernetes' notation
// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).

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
