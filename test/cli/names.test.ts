import { describe, expect, it } from 'vitest'
import { nameOfFile } from '../../src/cli/names.ts'

const folder = '/home/ann/work'

describe('the name of a system that is started from a file', () => {
  it.each([
    ['sample/jupyter-datascience.yml', 'sample-jupyter-datascience'],
    ['samples/hello.yml', 'samples-hello'],
    ['./hello.yml', 'hello'],
    ['a/b/c.test.yml', 'a-b-c'],
    ['My_App.yml', 'my-app'],
    ['../other/app.yml', 'other-app'],
    ['/home/ann/work/hello.yml', 'hello'],
    ['2024-course.yml', 's-2024-course'],
  ])('is made of the path before its first dot: %s', (file, name) => {
    expect(nameOfFile(file, folder)).toBe(name)
  })

  it.each([
    ['compose.yaml', 'work'],
    ['compose.yml', 'work'],
    ['docker-compose.yml', 'work'],
    ['docker-compose.yaml', 'work'],
    ['web/compose.yaml', 'web'],
    ['a/My App/docker-compose.yml', 'my-app'],
  ])('is that of the folder for a default file name: %s', (file, name) => {
    expect(nameOfFile(file, folder)).toBe(name)
  })

  it('has at most 40 characters, and stays different where the paths are', () => {
    const long = 'a-very-long-folder-name/with-a-very-long-file-name'
    const [one, other] = [nameOfFile(`${long}-1.yml`, folder), nameOfFile(`${long}-2.yml`, folder)]
    expect(one).toMatch(/^[a-z][-a-z0-9]{0,39}$/)
    expect(one).not.toBe(other)
  })

  it('is null where the path has no letter or digit before its first dot', () => {
    expect(nameOfFile('.hidden.yml', folder)).toBeNull()
    expect(nameOfFile('__.yml', folder)).toBeNull()
  })
})
