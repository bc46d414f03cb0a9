import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/system/policy.ts'
import { compileFile, compileService, containerOf, objectsOf, remarks } from './kit.ts'

const files = { 'app/Dockerfile': 'FROM scratch\nCOPY . /\n', 'app/main.js': 'run()' }

describe('an image that is built', () => {
  it('has the files of its folder, and a name of its system by what is in them', () => {
    const compiled = compileService({ build: { context: 'app', args: { A: '1' } } }, { files })
    const [image] = objectsOf(compiled, 'image')
    expect(image).toMatchObject({
      name: expect.stringMatching(/^tycho\/default\/shop-web:[0-9a-f]{16}$/),
      pull: 'never',
      build: {
        context: { Dockerfile: files['app/Dockerfile'], 'main.js': 'run()' },
        dockerfile: 'Dockerfile',
        args: { A: '1' },
      },
    })
    expect(containerOf(compiled).image).toBe(image?.name)
  })

  it('has another name, and another container, once a file is another', () => {
    const build = (text: string) =>
      containerOf(compileService({ build: 'app' }, { files: { ...files, 'app/main.js': text } }))
    expect(build('one').image).not.toBe(build('two').image)
    expect(build('one').labels['io.tycho.hash']).not.toBe(build('two').labels['io.tycho.hash'])
  })

  it('is what other services name by its `image`, and never an image of all on the engine', () => {
    const compiled = compileFile(
      { services: { web: { build: 'app', image: 'nginx' }, worker: { image: 'nginx' } } },
      { files },
    )
    expect(objectsOf(compiled, 'image')).toHaveLength(1)
    expect(containerOf(compiled, 'worker').image).toBe(containerOf(compiled, 'web').image)
    expect(containerOf(compiled).image).toMatch(/^tycho\//)
  })

  it('is pulled instead where it has a name and its files did not come', () => {
    const compiled = compileService({ build: 'app', image: 'shop/web' })
    expect(containerOf(compiled).image).toBe('shop/web')
    expect(remarks(compiled)).toEqual(['info NOT_BUILT_HERE services.web.build'])
  })

  it('leaves out what `.dockerignore` does, but for its own Dockerfile', () => {
    const ignored = {
      ...files,
      'app/.dockerignore': '# comment\nDockerfile\n*.log\n**/cache\nlib/*\n!lib/kept.js\n',
      'app/a.log': '',
      'app/deep/cache/x': '',
      'app/lib/other.js': '',
      'app/lib/kept.js': '',
    }
    const [image] = objectsOf(compileService({ build: 'app' }, { files: ignored }), 'image')
    expect(Object.keys(image?.build?.context ?? {}).sort()).toEqual([
      '.dockerignore',
      'Dockerfile',
      'lib/kept.js',
      'main.js',
    ])
  })

  it('may have its Dockerfile in the file', () => {
    const compiled = compileService({ build: { dockerfile_inline: 'FROM scratch\n' } })
    const [image] = objectsOf(compiled, 'image')
    expect(Object.values(image?.build?.context ?? {})).toEqual(['FROM scratch\n'])
    expect(image?.build?.dockerfile).toBe(Object.keys(image?.build?.context ?? {})[0])
  })

  it.each([
    [{ context: 'other' }, 'error FILE_NOT_SENT services.web.build.context'],
    [{ context: 'app', dockerfile: 'Other' }, 'error FILE_NOT_SENT services.web.build.dockerfile'],
    [{ context: 'https://example.org/a.git' }, 'error NOT_ON_DOCKER services.web.build.context'],
    [{ context: 'app', ssh: ['default'] }, 'error NOT_ON_DOCKER services.web.build.ssh'],
    [{ context: 'app', privileged: true }, 'error NOT_ON_DOCKER services.web.build.privileged'],
    [{ context: 'app', network: 'host' }, 'error NOT_ALLOWED services.web.build.network'],
    [{ context: 'app', tags: ['mine'] }, 'warning NOT_APPLIED services.web.build.tags'],
  ])('of %j is remarked on', (build, remark) => {
    expect(remarks(compileService({ build }, { files }))).toEqual([remark])
  })

  it('is none of the images that an operator allows by name', () => {
    const policy = { ...DEFAULT_POLICY, images: ['nginx*'] }
    expect(remarks(compileService({ build: 'app' }, { files, policy }))).toEqual([
      'error IMAGE_NOT_ALLOWED services.web.build',
    ])
  })
})
