// The items of a batch as they are read from a file.
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../src/cli/batch/parse-csv.ts'
import { readItems } from '../../src/cli/batch/read-items.ts'
import { UsageError } from '../../src/cli/exit-codes.ts'

const read = (text: string) => readItems({ text, label: 'students.csv' })

describe('the items of a batch', () => {
  it('are a JSON list, or the one of an object', () => {
    const items = [{ name: 'ada', env: { STUDENT: 'Ada' } }, {}]
    expect(read(JSON.stringify(items))).toEqual(items)
    expect(read(JSON.stringify({ items }))).toEqual(items)
  })

  it('are the lines of a table, whose other columns are variables', () => {
    expect(read('name,STUDENT,clientId\nada,"Ada, Countess",s-1\n,Bob,\n')).toEqual([
      { name: 'ada', clientId: 's-1', env: { STUDENT: 'Ada, Countess' } },
      { env: { STUDENT: 'Bob' } },
    ])
    expect(read('name\r\nada\r\n')).toEqual([{ name: 'ada' }])
  })

  it.each([
    ['[', 'students.csv is no JSON'],
    ['{"things": []}', 'students.csv is neither a list of items'],
    ['[]', 'students.csv has no items'],
    ['name\n', 'students.csv has no items'],
    ['', 'students.csv has no items'],
    ['name,e-mail\nada,a@b\n', 'students.csv:1: the column "e-mail"'],
    ['name,A,A\nada,1,2\n', 'students.csv:1: there are two columns "A"'],
    ['name,A\nada,1\nbob\n', 'students.csv:3: 1 cells, and 2 columns'],
    ['name\n"ada\n', 'students.csv:2: Quote Not Closed'],
  ])('are refused with the place: %j', (text, message) => {
    expect(() => read(text)).toThrow(UsageError)
    expect(() => read(text)).toThrow(message)
  })
})

it('a table may have quotes, line breaks and commas in its cells, and empty lines between its rows', () => {
  expect(parseCsv('\uFEFFa,"b ""c"""\n\n"1\n2",\n', 'table')).toEqual([
    { cells: ['a', 'b "c"'], line: 1 },
    { cells: ['1\n2', ''], line: 3 },
  ])
})
