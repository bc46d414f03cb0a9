/** One address of 10.128.0.0/9 for each pod that is there; each is given again only when all were. */

const room = 2 ** 23 - 2

export type Addresses = { of(uid: string): string; release(uid: string): void }

export function createAddresses(): Addresses {
  const given = new Map<string, string>()
  let count = 0
  return {
    of(uid) {
      const known = given.get(uid)
      if (known) return known
      const n = (count % room) + 1
      count += 1
      const ip = `10.${128 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`
      given.set(uid, ip)
      return ip
    },
    release: (uid) => void given.delete(uid),
  }
}
