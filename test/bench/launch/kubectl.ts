// What the usual tool takes for the same objects.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../kit/cluster/command.ts'
import type { Pair } from './pattern.ts'

/** One `kubectl apply --server-side` of them all; without owners, as those would have to be read in between. */
export async function applyByKubectl(
  kubectl: string,
  kubeconfig: string,
  pairs: readonly Pair[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tycho-kubectl-'))
  try {
    const file = join(folder, 'list.json')
    const items = pairs.flatMap(({ deployment, service }) => [deployment, service])
    await writeFile(file, `{"apiVersion":"v1","kind":"List","items":[${items.join(',')}]}`)
    const words = ['apply', '--server-side', '--field-manager=tycho', '-f', file]
    await run(kubectl, ['--kubeconfig', kubeconfig, ...words], { env: { HOME: folder } })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
