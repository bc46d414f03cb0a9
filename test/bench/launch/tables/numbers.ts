// How numbers stand in the tables.

export type Row = Readonly<Record<string, string | number>>

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits))
