import { describe, expect, test } from 'vitest'
import { loaded, serviceOf } from '../load-kit.ts'

const BASE = `services:
  web:
    image: a
    command: [run]
    environment: {A: 1, B: 2}
    ports: ["80:80"]
    labels: {a: b}
`

function over(lines: string) {
  return serviceOf(loaded([BASE, `services:\n  web:\n    ${lines}\n`]))
}

describe('!reset', () => {
  test.each(['!reset null', '!reset []', '!reset [x]', '!reset'])('%s removes what was there', (value) => {
    expect(over(`ports: ${value}`).ports).toEqual([])
  })

  test('removes one entry of a map', () => {
    expect(over('environment: {A: !reset null}').environment).toEqual({ B: '2' })
  })

  test('removes a service', () => {
    const spec = loaded([`${BASE}  db: {image: b}\n`, 'services: {db: !reset null}'])
    expect(Object.keys(spec.services)).toEqual(['web'])
  })

  test('of what is not there, and in the only file, is nothing', () => {
    expect(over('tty: !reset true').tty).toBe(false)
    expect(serviceOf(loaded('services: {web: {image: a, tty: !reset true}}')).tty).toBe(false)
  })

  test('a third file may give it again', () => {
    const spec = loaded([BASE, 'services: {web: {ports: !reset []}}', 'services: {web: {ports: ["90:90"]}}'])
    expect(serviceOf(spec).ports.map(({ target }) => target)).toEqual([90])
  })

  test('works through aliases and merge keys', () => {
    const spec = loaded([
      BASE,
      'x-none: &none !reset null\nx-web: &web {ports: *none, labels: !reset {}}\nservices: {web: {<<: *web, tty: true}}',
    ])
    expect(serviceOf(spec)).toMatchObject({ ports: [], labels: {}, tty: true })
  })
})

describe('!override', () => {
  test('replaces instead of merging', () => {
    expect(over('environment: !override {C: 3}').environment).toEqual({ C: '3' })
    expect(over('ports: !override ["90:90"]').ports.map(({ target }) => target)).toEqual([90])
  })

  test('replaces a whole service', () => {
    const spec = loaded([BASE, 'services: {web: !override {image: b}}'])
    expect(serviceOf(spec)).toMatchObject({ image: 'b', command: null, environment: {} })
  })

  test('says nothing to a later file', () => {
    const spec = loaded([
      BASE,
      'services: {web: {environment: !override {C: 3}}}',
      'services: {web: {environment: {D: 4}}}',
    ])
    expect(serviceOf(spec).environment).toEqual({ C: '3', D: '4' })
  })

  test('works through aliases and merge keys', () => {
    const spec = loaded([BASE, 'x-web: &web {environment: !override {C: 3}}\nservices: {web: {<<: *web}}'])
    expect(serviceOf(spec).environment).toEqual({ C: '3' })
  })
})

describe('tags and extends', () => {
  test('!reset takes away what the extended service has', () => {
    const spec = loaded(`${BASE}  two: {extends: web, ports: !reset [], environment: !override {C: 3}}\n`)
    expect(serviceOf(spec, 'two')).toMatchObject({ image: 'a', ports: [], environment: { C: '3' } })
    expect(serviceOf(spec).ports).toHaveLength(1)
  })

  test('what a service resets is not there for those that extend it', () => {
    const spec = loaded(
      `${BASE}  two: {extends: web, ports: !reset []}\n  three: {extends: two, ports: ["90:90"]}\n`,
    )
    expect(serviceOf(spec, 'three').ports.map(({ target }) => target)).toEqual([90])
  })

  test('they act on the files before, too', () => {
    const spec = loaded([BASE, 'services: {base: {image: c}, web: {extends: base, ports: !reset []}}'])
    expect(serviceOf(spec)).toMatchObject({ image: 'c', ports: [], labels: { a: 'b' } })
  })
})
