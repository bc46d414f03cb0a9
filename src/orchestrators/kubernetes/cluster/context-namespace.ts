// The namespace that the kubeconfig's own context names: where its user may work.
import { findKubeconfig, type KubeconfigSources } from './kubeconfig.ts'

/** Null where there is no kubeconfig yet, or its context names none. Connects to nothing. */
export async function readContextNamespace(sources: KubeconfigSources): Promise<string | null> {
  try {
    const config = await (await findKubeconfig(sources)).load()
    return config.getContextObject(config.getCurrentContext())?.namespace ?? null
  } catch {
    return null
  }
}
