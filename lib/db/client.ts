import { PrismaPg } from "@prisma/adapter-pg"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { type Prisma, PrismaClient } from "./generated/client"

export type Db = PrismaClient
/** A use case writes through this: everything done through it commits together or not at all. */
export type Tx = Prisma.TransactionClient

export function connectDb(connectionString: string, poolSize: number): Db {
  const adapter = new PrismaPg(
    {
      connectionString,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 15_000,
      application_name: "credits",
    },
    { statementNameGenerator: nameStatements() },
  )
  // The same limits as above. Prisma's own would refuse a burst that the connections work off in three seconds.
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 5_000, timeout: 10_000 } })
}

// Each connection keeps the plan of every named statement. Lists of any length make any number of texts.
const MAX_NAMED = 500

/**
 * Names statements with values, so that a connection plans each once. Statements beyond the limit stay unnamed and
 * are planned each time.
 */
function nameStatements(): (query: { sql: string; args: unknown[] }) => string {
  const names = new Map<string, string>()
  return ({ sql, args }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (args.length === 0 || names.size >= MAX_NAMED) return ""
    const name = `prisma_${names.size}`
    names.set(sql, name)
    return name
  }
}

/** The database of this process. Connects on first use. */
export function db(): Db {
  return perProcess("db", () => connectDb(env().DATABASE_URL, env().DATABASE_POOL_SIZE))
}
