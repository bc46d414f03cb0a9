// In which namespaces systems are looked for.
import type { Client } from './client.ts'

/** Each once; where the operator names none, that of the kubeconfig's context. Throws UnavailableError without a cluster. */
export async function servedNamespaces(client: Client, configured: readonly string[]): Promise<string[]> {
  return configured.length > 0 ? [...new Set(configured)] : [(await client.connection()).namespace]
}
