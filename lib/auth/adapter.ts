import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters"
import type { Db } from "@/lib/db/client"
import type { User } from "@/lib/db/generated/client"
import { nameText } from "@/lib/name-text"
import { recordSession } from "./session"

/** The provider's name for the person, if it can be shown. Otherwise the address stands for the person. */
const nameSchema = nameText({ max: 120 }).nullable().catch(null)

/**
 * next-auth's store of people and sessions, with only what a provider's callback needs. The published adapter stores
 * session tokens as they are; this one gives the database only their hashes. The providers' own tokens aren't kept,
 * because nothing needs them.
 */
export function databaseAdapter(db: Db): Adapter {
  return {
    async createUser({ name, email, emailVerified, image }: Omit<AdapterUser, "id">) {
      return toAdapterUser(
        await db.user.create({
          data: {
            name: nameSchema.parse(name),
            email: email.toLowerCase(),
            emailVerifiedAt: emailVerified,
            image: image ?? null,
          },
        }),
      )
    },
    async getUserByEmail(email) {
      const user = await db.user.findUnique({ where: { email: email.toLowerCase() } })
      return user && toAdapterUser(user)
    },
    async getUserByAccount({ provider, providerAccountId }) {
      const account = await db.account.findUnique({
        where: { provider_providerAccountId: { provider, providerAccountId } },
        include: { user: true },
      })
      return account && toAdapterUser(account.user)
    },
    async linkAccount({ userId, provider, providerAccountId, type }: AdapterAccount) {
      await db.account.create({ data: { userId, provider, providerAccountId, type } })
    },
    async createSession({ sessionToken, userId, expires }) {
      await recordSession(userId, sessionToken)
      return { sessionToken, userId, expires }
    },

    // A person who comes back from a provider is that account's owner. The browser's session must not matter:
    // next-auth would add the account to its person, whoever planted it.
    getSessionAndUser: async () => null,
  }
}

function toAdapterUser({ id, name, email, emailVerifiedAt, image }: User): AdapterUser {
  return { id, name, email, emailVerified: emailVerifiedAt, image }
}
