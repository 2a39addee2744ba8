import type { Tx } from "./client"

/** A statement that is sent often: prepared once on each connection, under its name. */
export type Statement = { name: string; text: string }

/** Runs a statement and gives its rows. Whoever hands it over decides on which connection, and in which transaction. */
export type Query = <Row>(statement: Statement, values: unknown[]) => Promise<Row[]>

/** Runs statements through Prisma: in its transaction, or each by itself if it is given the client. */
export function queryIn(tx: Tx): Query {
  return <Row>({ text }: Statement, values: unknown[]) => tx.$queryRawUnsafe<Row[]>(text, ...values)
}
