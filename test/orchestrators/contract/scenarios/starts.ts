// A start: ports that answer, names that are found, and what a stop leaves.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { get, waitForOk } from '../../../kit/http.ts'
import { must } from '../../../kit/work.ts'
import { page, type Scenario, urlOf } from '../scenario.ts'

const sample = (name: string) =>
  readFileSync(new URL(`../../../../samples/${name}.yml`, import.meta.url), 'utf8')

export const starts = {
  'the hello sample leads to a page on a published port, and its stop to nothing': async ({ run, left }) => {
    const job = await run('POST', '', { name: 'hello', compose: sample('hello') })
    expect(await waitForOk(urlOf(job, 'hello'))).toContain('<title>Hello Tycho</title>')
    await run('DELETE', '/hello')
    expect(await left()).toEqual([])
    expect(await get(urlOf(job, 'hello'))).toBeUndefined()
  },

  'two systems that ask for the same port have each one that answers': async ({ run }) => {
    const compose = (text: string) => ({
      services: {
        web: page({
          entrypoint: [
            'sh',
            '-c',
            `mkdir /tmp/www; echo ${text} > /tmp/www/index.html; exec httpd -f -p 80 -h /tmp/www`,
          ],
          image: 'demo/shell',
          ports: ['8099:80'],
        }),
      },
    })
    const one = await run('POST', '', { name: 'one', compose: compose('one') })
    const other = await run('POST', '', { name: 'other', compose: compose('other') })
    const pages = [await waitForOk(urlOf(one, 'web')), await waitForOk(urlOf(other, 'web'))]
    expect(pages).toEqual(['one\n', 'other\n'])
  },

  'each of two copies of one file reaches its own redis by name': async ({ run }) => {
    // Each with a port of its own, so that both can run on one node of any platform.
    const compose = sample('counter').replace('8080:8080', '8080')
    const copies = ['first', 'second'].map((name) => run('POST', '', { name, compose }))
    const [first, second] = (await Promise.all(copies)).map((job) => `${urlOf(job, 'web')}/cgi-bin/index.cgi`)
    const answers: string[] = []
    for (const url of [first, first, first, second]) answers.push(await waitForOk(must(url)))
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(['1', '2', '3', '1'])
  },

  'a name is taken until its system is stopped': async ({ run, tycho }) => {
    const body = { name: 'twice', compose: { services: { web: page() } } }
    await run('POST', '', body)
    expect((await tycho.send('POST', '/v1/systems', body)).status).toBe(409)
    await run('DELETE', '/twice')
    await run('POST', '', body)
  },
} satisfies Record<string, Scenario>
