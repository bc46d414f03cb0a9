// Which files of the reference loader's own tests are run how, and which are left out why.
import { expect } from 'vitest'
import type { ParsedCompose } from '../../src/compose/parse.ts'
import type { SystemSpec } from '../../src/system/spec.ts'

const NEEDS_FILES = 'it names files of the reference loader that are not among the cases'
const NO_CONSISTENCY = 'it is read there without the check of consistency'
const NORMALISED = 'its service has no image: one step of the reference loader is called alone there'
const NAMED =
  'one step of the reference loader gives names to networks and volumes; here an orchestrator does'

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
  TestLoadWithMissingResources:
    'it asserts that the file is missing, which the extract does not show as an error',
  TestNormalizeImplicitDependencies: NORMALISED,
  TestNormalizeEnvironment: NORMALISED,
  TestNormalizeVolumes: NAMED,
  TestNormalizeDefaultNetwork: NAMED,
}

/** Refused here, with exactly these errors. */
export const STRICTER: Readonly<Record<string, { codes: string[]; reason: string }>> = {
  TestLoadWithDependsOn: { codes: ['UNKNOWN_DEPENDENCY', 'UNKNOWN_DEPENDENCY'], reason: NO_CONSISTENCY },
  TestParseYAMLFilesMergeOverride: { codes: Array(3).fill('IMAGE_REQUIRED'), reason: NO_CONSISTENCY },
  TestLoadVolumeSubpath: { codes: ['UNDEFINED_VOLUME'], reason: NO_CONSISTENCY },
  TestCredentialSpec: { codes: ['UNDEFINED_CONFIG'], reason: NO_CONSISTENCY },
  TestSecretFileModeString: { codes: ['UNDEFINED_SECRET'], reason: NO_CONSISTENCY },
  TestLoadWithInterpolationCastFull: { codes: ['IMAGE_REQUIRED'], reason: NO_CONSISTENCY },
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

type Load = (compose: unknown, files?: Record<string, string>, rest?: object) => ParsedCompose

/** What a case with several texts is about: files to merge, or files of their own. */
export const SEVERAL_FILES: Readonly<Record<string, (yaml: readonly string[], load: Load) => void>> = {
  TestNonStringKeys: expectRefused,
  TestAliasBombPrevented: expectRefused,
  TestMergeKeyAliasTargets: expectMergedList,
  TestWithSelectedServicesOption: expectAccepted,
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
