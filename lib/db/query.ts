import type { Tx } from "./client"

/** A frequent statement, prepared once on each connection under its name. */
export type Statement = { name: string; text: string }

/** Runs a statement and returns its rows. The function's source decides the connection and transaction. */
export type Query = <Row>(statement: Statement, values: unknown[]) => Promise<Row[]>

/** Runs statements through Prisma: in its transaction, or one by one if given the client. */
export function queryIn(tx: Tx): Query {
  return <Row>({ text }: Statement, values: unknown[]) => tx.$queryRawUnsafe<Row[]>(text, ...values)
}
