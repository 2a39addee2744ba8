import { connectDb, type Db } from "@/lib/db/client"
import { connectForSpending } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"

/** As many as the product has for spending, and as the floors have. */
export const CONNECTIONS = 4

/** Provides connections to a database for the duration of the work. */
export async function withConnections(
  databaseUrl: string,
  work: (connected: { db: Db; metering: Metering }) => Promise<void>,
): Promise<void> {
  const db = connectDb(databaseUrl, 2)
  const connections = connectForSpending(databaseUrl, CONNECTIONS)
  try {
    await work({ db, metering: new Metering(connections) })
  } finally {
    await Promise.all([db.$disconnect(), connections.end()])
  }
}
