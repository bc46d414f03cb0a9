// Which files of the reference loader's own tests are run how, and which are left out why.
import { load as readYaml } from 'js-yaml'
import { expect } from 'vitest'
import { PASSES, type ParsedCompose, type Pass } from '../../src/compose/parse.ts'
import { toCanonicalModel } from '../../src/compose/print/print-canonical.ts'
import type { SystemSpec } from '../../src/system/spec.ts'

const NEEDS_FILES = 'it names files of the reference loader that are not among the cases'

/** Not run, each with its reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  TestExtends: NEEDS_FILES,
  TestExtendsUlimits: NEEDS_FILES,
  TestExtendsNil: NEEDS_FILES,
  TestExtendsPortOverride: NEEDS_FILES,
  TestExtendsWithServiceRef: NEEDS_FILES,
  TestExtendsReset: NEEDS_FILES,
  TestLoadWithMultipleInclude: NEEDS_FILES,
  TestLoadWithInclude: NEEDS_FILES,
}

/** Read there without the check of consistency, and here without the pass that does it. */
export const UNCHECKED: readonly string[] = [
  'TestLoadWithDependsOn',
  'TestParseYAMLFilesMergeOverride',
  'TestLoadVolumeSubpath',
  'TestCredentialSpec',
  'TestSecretFileModeString',
  'TestLoadWithInterpolationCastFull',
]

/** Refused there as well, by what the Go test asserts of the error (`os.IsNotExist`), which the extract does not show. */
export const REFUSED: Readonly<Record<string, string[]>> = {
  TestLoadWithMissingResources: ['FILE_NOT_FOUND'],
}

const CONSISTENCY = ['the whole is consistent']
const WHOLE = [
  ...CONSISTENCY,
  'optional dependencies that are not there are left out',
  'what no service uses is left out',
]

/** What the reference loader does without its check of consistency. */
export const INCONSISTENT: readonly Pass[] = without(CONSISTENCY)

/** Its normalisation alone, which does not ask whether the rest is there. */
const NORMALISING: readonly Pass[] = without(WHOLE)

function without(abouts: readonly string[]): Pass[] {
  const passes = PASSES.filter(({ about }) => !abouts.includes(about))
  if (passes.length !== PASSES.length - abouts.length) throw new Error(`no passes: ${abouts.join(', ')}`)
  return passes
}

/** What the Go test puts into its text before it is read. */
export const FILLED: Readonly<Record<string, string>> = {
  TestLoadTmpfsVolume: '1000',
  TestResolveAdditionalContexts: '/somewhere',
}

/** Variables of the case that the Go test sets; the values are ours. */
export const VARIABLES = {
  theint: '555',
  thefloat: '0.5',
  thebool: 'true',
  theduration: '4s',
  thesize: '1mb',
}

type Load = (
  compose: unknown,
  files?: Record<string, string>,
  rest?: object,
  passes?: readonly Pass[],
) => ParsedCompose

/** What a case with several texts is about: files to merge, or files of their own. */
export const SEVERAL_FILES: Readonly<Record<string, (yaml: readonly string[], load: Load) => void>> = {
  TestNonStringKeys: expectRefused,
  TestAliasBombPrevented: expectRefused,
  TestMergeKeyAliasTargets: expectMergedList,
  TestWithSelectedServicesOption: expectAccepted,
  TestNormalizeVolumes: expectNormalised,
  TestNormalizeDefaultNetwork: expectNormalised,
  TestNormalizeEnvironment([written, normal], load) {
    const environmentOf = (text = '', env = {}) =>
      specIn(load(text, {}, { env }, NORMALISING)).services.test?.environment
    expect(environmentOf(written, { BAR: 'bar' })).toEqual({ BAR: 'bar', ZOT: 'QIX' })
    expect(environmentOf(normal)).toEqual({ BAR: 'bar', ZOT: 'QIX' })
  },
  // Its `cgroup: service:bar` is refused by the schema, here and there: the step is called without it. The rest is held.
  TestNormalizeImplicitDependencies([written, normal], load) {
    const dependenciesOf = (text = '') =>
      specIn(load(text.replace(/^ *cgroup: .*$/m, ''), {}, {}, NORMALISING)).services.test?.dependsOn
    const { bar, ...others } = dependenciesOf(normal) ?? {}
    expect(bar).toEqual({ condition: 'started', required: true, restart: true })
    expect(Object.keys(others)).toHaveLength(5)
    expect(dependenciesOf(written)).toEqual(others)
  },
  TestLoadWithIncludeEnv([main, module], load) {
    const files = { 'module/compose.yml': module ?? '', 'custom.env': 'VAR_NAME=value' }
    const { services } = specIn(load(main, files))
    expect(services.a?.environment).toEqual({})
    expect(services.b?.environment).toEqual({ VAR_NAME: 'value' })
    expect(services.c?.environment).toEqual({ VAR_NAME: 'value' })
  },
  TestOverrideNetworks(yaml, load) {
    expect(specIn(load(yaml)).services.test?.networks).toMatchObject({
      test_network: { aliases: ['alias1', 'alias2'] },
    })
  },
  TestOverrideDepends_on(yaml, load) {
    const foo = { condition: 'healthy', required: false }
    expect(specIn(load(yaml)).services.test?.dependsOn).toMatchObject({ foo })
  },
  TestOverrideVolume(yaml, load) {
    expect(specIn(load(yaml)).services.test?.mounts).toHaveLength(1)
  },
  TestOverrideReplace(yaml, load) {
    expect(networksOf(yaml, load, 'test').test).toMatchObject({ external: false })
  },
  TestOverrideTagWithSharedAlias(yaml, load) {
    const { net1, net2 } = networksOf(yaml, load, 'net1, net2')
    expect([net1, net2]).toMatchObject([{ external: false }, { external: false }])
  },
}

/**
 * The first file, with all that is implied, says what the second one does; the name is in normal form before that step
 * comes.
 */
function expectNormalised(yaml: readonly string[], load: Load): void {
  const [written, normal = ''] = yaml.map((text) => text.replaceAll('myProject', 'myproject'))
  const { canonical, problems } = load(written, {}, {}, NORMALISING)
  expect(problems).toEqual([])
  expect(toCanonicalModel(canonical)).toEqual({ services: {}, ...(readYaml(normal) as object) })
}

/** Files without services are read there; here one is added that uses the networks, else they would not be made. */
function networksOf(yaml: readonly string[], load: Load, names: string): SystemSpec['networks'] {
  return specIn(load([...yaml, `services: {a: {image: a, networks: [${names}]}}`])).networks
}

function specIn({ spec, problems }: ParsedCompose): SystemSpec {
  if (!spec) throw new Error(JSON.stringify(problems))
  return spec
}

function expectRefused(yaml: readonly string[], load: Load): void {
  for (const text of yaml) expect(load(text).spec).toBeNull()
}

function expectAccepted(yaml: readonly string[], load: Load): void {
  for (const text of yaml) specIn(load(text, {}, { profiles: ['*'] }))
}

function expectMergedList(yaml: readonly string[], load: Load): void {
  for (const text of yaml) expect(specIn(load(text)).services.s1?.image).toBe('nginx')
}
