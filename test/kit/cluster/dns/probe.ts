/** Asks a DNS server once; used to know when the kit's own one is ready. */
import { Resolver } from 'node:dns/promises'

export async function answersName(name: string, address: string, port: number): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 })
  resolver.setServers([`${address}:${port}`])
  return (await resolver.resolve4(name)).length > 0
}
