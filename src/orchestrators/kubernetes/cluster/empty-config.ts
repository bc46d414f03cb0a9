// The client library's reader of kubeconfigs, without its models of the whole API, which nothing here uses: they are 18 MB
// of source, and hold 60 MB of every process that loads them.
import { registerHooks } from 'node:module'
import type { KubeConfig } from '@kubernetes/client-node'

const home = '/@kubernetes/client-node/dist'

/** What the reader itself takes of its generated part, by the names under which it asks for it. */
const used = ['configuration.js', 'servers.js'].map((file) => `export * from './gen/${file}'`).join('\n')

/** Loads the library when it is first asked for: a server that never asks a cluster does without. */
export async function emptyConfig(): Promise<KubeConfig> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const isGenerated = specifier === './gen/index.js' && context.parentURL?.endsWith(`${home}/config.js`)
      if (!isGenerated) return next(specifier, context)
      const url = new URL('./tycho-used.js', context.parentURL).href
      return { url, format: 'module', shortCircuit: true }
    },
    load(url, context, next) {
      if (!url.endsWith(`${home}/tycho-used.js`)) return next(url, context)
      return { format: 'module', source: used, shortCircuit: true }
    },
  })
  try {
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
    return new KubeConfig()
  } finally {
    hooks.deregister()
  }
}
