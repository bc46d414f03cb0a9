// Images that are built on the engine, from the files of a request.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LABEL } from '../../src/orchestrators/docker/labels.ts'
import type { ImageBuild, ImageObject } from '../../src/orchestrators/docker/objects.ts'
import type { Applied } from '../../src/orchestrators/orchestrator.ts'
import type { TychoError } from '../../src/problem.ts'
import { container, labelsFor, newIdentity, stageOf, toApply } from '../kit/engine/objects.ts'
import { anySignal, type Opened, openBoth } from './kit.ts'

let both: Opened
beforeAll(async () => {
  both = await openBoth()
})
afterAll(() => both?.[Symbol.asyncDispose]())

const identity = newIdentity('built')

function image(name: string, context: ImageBuild['context'], more: Partial<ImageBuild> = {}): ImageObject {
  return {
    kind: 'image',
    name,
    labels: labelsFor(identity),
    platform: null,
    pull: 'missing',
    build: {
      ...{ context, dockerfile: 'Dockerfile', target: null, args: {}, labels: {}, tags: [], noCache: false },
      ...{ pull: false, network: null, shmSizeBytes: null, extraHosts: [], cacheFrom: [], ulimits: [] },
      ...more,
    },
  }
}

const files = {
  Dockerfile: [
    'FROM demo/shell:latest AS first',
    'ARG WORD=none',
    'COPY . /files',
    'RUN echo "$WORD" > /word && grep db /etc/hosts >> /word',
    'FROM first AS second',
    'ENTRYPOINT ["cat", "/word", "/files/page.txt"]',
  ].join('\n'),
  'page.txt': { base64: Buffer.from('page\n').toString('base64') },
}

/** Asks until it is built, or can't be, as a worker does. */
async function apply(...objects: Parameters<typeof stageOf>): Promise<Applied> {
  for (;;) {
    const applying = both.engine.apply(toApply(identity, stageOf(...objects)), anySignal())
    const outcome = await applying.catch((error: TychoError) => {
      if (error.code !== 'BUILDING') throw error
    })
    if (outcome) return outcome
  }
}

it('has the files, the arguments, the hosts and the target of the file; and is not built again from the same', async () => {
  const hosts = ['db:10.0.0.1', 'db2:10.0.0.2']
  const wanted = image('own/word:1', files, { args: { WORD: 'hello' }, target: 'second', extraHosts: hosts })
  const { changes } = await apply(wanted)
  expect(changes).toEqual([{ subject: 'image/own/word:1', action: 'created' }])
  const labels = await both.machine.docker([
    'image',
    'inspect',
    '--format',
    '{{json .Config.Labels}}',
    'own/word:1',
  ])
  // The builder's own containers have them too: they are none of what is observed and removed of a system.
  expect(JSON.parse(labels)).toMatchObject({ [LABEL.system]: 'built', [LABEL.hash]: expect.any(String) })
  expect(Object.keys(JSON.parse(labels))).not.toContain(LABEL.sid)
  const said = await both.machine.docker(['run', '--rm', '--network', 'none', 'own/word:1'])
  expect(said.replaceAll('\t', ' ').trim().split('\n')).toEqual([
    'hello',
    '10.0.0.1 db',
    '10.0.0.2 db2',
    'page',
  ])
  expect((await apply(wanted)).changes).toEqual([])
  const other = image(
    'own/word:1',
    { ...files, 'page.txt': 'another\n' },
    { target: 'second', extraHosts: hosts },
  )
  await apply(other)
  expect(await both.machine.docker(['run', '--rm', 'own/word:1'])).toContain('another')
})

it('ends with the words of the builder and the last that a step said, at the place of the service', async () => {
  const broken = image('own/broken:1', {
    Dockerfile: 'FROM demo/shell:latest\nRUN echo "so far"\nRUN false\n',
  })
  const web = container(identity, 'web', { image: 'own/broken:1' })
  await expect(apply(broken, web)).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    remedy: 'giveUp',
    message: expect.stringContaining("own/broken:1 can't be built: The command '/bin/sh -c false' returned"),
    details: { service: 'web', log: expect.arrayContaining(['so far']) },
  })
})
