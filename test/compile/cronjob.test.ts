import { describe, expect, test } from 'vitest'
import { checkExtension } from '../../src/orchestrators/kubernetes/compile/extensions.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, clusterOf, compileServices, dependency, identity, remarks, service, subjects } from './specs.ts'

const NIGHTLY = '0 3 * * *'
const clocked = (given: Partial<ServiceSpec> = {}, own: object = {}) =>
  service({
    restart: { condition: 'no' },
    extensions: { 'x-k8s': { schedule: NIGHTLY, ...own } },
    ...given,
  })
const one = (given: Partial<ServiceSpec> = {}, own: object = {}) =>
  compileServices({ backup: clocked(given, own) })
const labelled = (labels: Record<string, string>) =>
  compileServices({ backup: service({ restart: { condition: 'unset' }, labels }) })
const spec = (compiled: ReturnType<typeof one>) => at(compiled, 'CronJob/shop-backup', 'spec')

describe('a service with a schedule', () => {
  test("is a CronJob, whose Jobs are the system's by their labels", () => {
    const compiled = one({}, { concurrencyPolicy: 'Forbid' })
    expect(subjects(compiled)).toEqual(['CronJob/shop-backup'])
    expect(at(compiled, 'CronJob/shop-backup', 'apiVersion')).toBe('batch/v1')
    expect(spec(compiled)).toMatchObject({
      schedule: NIGHTLY,
      concurrencyPolicy: 'Forbid',
      suspend: false,
      jobTemplate: {
        metadata: { labels: { 'tycho.io/sid': identity.sid, 'tycho.io/service': 'backup' } },
        spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } },
      },
    })
    expect(remarks(compiled)).toEqual([])
  })

  test('tells its Jobs which template they are of', () => {
    const path = 'spec.jobTemplate.metadata.annotations'
    const of = (given: Partial<ServiceSpec>) => at(one(given), 'CronJob/shop-backup', path)
    expect(of({})).toEqual(of({}))
    expect(of({})).not.toEqual(of({ environment: { A: '1' } }))
  })

  test('is of the version that the cluster has', () => {
    const of = (minor: number) => compileServices({ backup: clocked() }, { facts: clusterOf(minor) })
    expect(at(of(20), 'CronJob/shop-backup', 'apiVersion')).toBe('batch/v1beta1')
    expect(at(of(21), 'CronJob/shop-backup', 'apiVersion')).toBe('batch/v1')
  })

  test('repeats a run that fails as `restart` says', () => {
    expect(spec(one({ restart: { condition: 'on-failure', maxAttempts: 3 } }))).toMatchObject({
      jobTemplate: { spec: { backoffLimit: 3, template: { spec: { restartPolicy: 'Never' } } } },
    })
    expect(spec(one({ restart: { condition: 'on-failure', maxAttempts: null } }))).toMatchObject({
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure' } } } },
    })
  })

  test('does not run without replicas', () => {
    expect(spec(one({ replicas: 0 }))).toMatchObject({ suspend: true })
    expect(spec(one({ replicas: 2 }))).toMatchObject({
      jobTemplate: { spec: { completions: 2, parallelism: 2 } },
    })
  })

  test('is refused where it is always restarted, runs on every node, or has another controller', () => {
    expect(remarks(one({ restart: { condition: 'always' } }))).toEqual([
      'error SCHEDULE_AND_RESTART services.backup.restart',
    ])
    const both = 'error SCHEDULE_AND_CONTROLLER services.backup'
    expect(remarks(one({}, { controller: 'statefulset' }))).toEqual([both])
    expect(remarks(one({ deploy: { ...emptyDeploy(), mode: 'global' } }))).toContain(both)
  })

  test('is never awaited as something that ends', () => {
    const after = service({ dependsOn: { backup: dependency({ condition: 'completed' }) } })
    expect(remarks(compileServices({ backup: clocked(), after }))).toEqual([
      'error DEPENDENCY_NEVER_COMPLETES services.after.depends_on.backup',
    ])
  })

  test.each([
    ['0 3 * * *', 0],
    ['*/5 0-6 1,15 * MON-FRI', 0],
    ['@daily', 0],
    ['every day', 1],
    ['61', 1],
    ['* * * *', 1],
    ['@reboot', 1],
  ])('is read as %j: %i complaints', (schedule, count) => {
    expect(checkExtension('service', 'x-k8s', { schedule })).toHaveLength(count)
  })
})

describe("Kompose's labels of a schedule", () => {
  test('say the same', () => {
    const compiled = labelled({
      'kompose.cronjob.schedule': '*/5 * * * *',
      'kompose.cronjob.concurrency_policy': 'replace',
      'kompose.cronjob.backoff_limit': '2',
    })
    expect(spec(compiled)).toMatchObject({
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Replace',
      jobTemplate: { spec: { backoffLimit: 2 } },
    })
    expect(remarks(compiled)).toEqual([])
  })

  test.each([
    [{ schedule: 'daily' }, 'schedule'],
    [{ schedule: NIGHTLY, concurrency_policy: 'toString' }, 'concurrency_policy'],
    [{ schedule: NIGHTLY, backoff_limit: 'many' }, 'backoff_limit'],
    [{ backoff_limit: '2' }, 'backoff_limit'],
  ])('are refused where they make no sense: %j', (given, at) => {
    const labels = Object.entries(given).map(([key, value]) => [`kompose.cronjob.${key}`, value])
    expect(remarks(labelled(Object.fromEntries(labels)))).toContain(
      `error INVALID_KOMPOSE_LABEL services.backup.labels.kompose.cronjob.${at}`,
    )
  })
})
