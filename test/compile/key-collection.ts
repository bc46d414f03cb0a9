// What one small file for every key of the specification compiles to, where it does.
import { KEYS } from '../../src/compose/keys/table.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts, type ClusterFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { Manifest, Stage } from '../../src/orchestrators/orchestrator.ts'
import { DEFAULT_POLICY, PERMISSIONS } from '../../src/system/policy.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'
import { fileWith, valueFor } from '../compose/files-by-key.ts'

const FILES = {
  'some.env': 'A=1\n',
  'some.labels': 'a=1\n',
  'base.yaml': 'services: {base: {image: nginx}}\n',
  x: 'x\n',
}

/** Of an operator who allows all that a file may ask for. */
const EVERYTHING = { ...DEFAULT_POLICY, allow: PERMISSIONS }

/** `key`: the first of those whose files compile to this. */
export type Compilation = { key: string; stages: Stage[]; manifests: Manifest[] }

/** Each different set of objects once, whatever number of keys it comes from. */
export function compileKeys(identity: SystemIdentity, facts: ClusterFacts = assumedFacts): Compilation[] {
  const bySet = new Map<string, Compilation>()
  for (const row of KEYS.filter(({ path }) => path !== 'services')) {
    const compose = fileWith(row.path, valueFor(row))
    const { spec } = parseCompose({ compose, env: {}, files: FILES })
    if (!spec) continue
    const { stages } = compile({ identity, spec, exposure: 'nodePort', policy: EVERYTHING }, facts)
    const manifests = stages.flatMap((stage) => stage.manifests)
    const set = JSON.stringify(manifests)
    if (manifests.length > 0 && !bySet.has(set)) bySet.set(set, { key: row.path, stages, manifests })
  }
  return [...bySet.values()]
}
