import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters"
import type { Db } from "@/lib/db/client"
import type { User } from "@/lib/db/generated/client"
import { hashToken } from "./token"

/**
 * Where next-auth keeps people and sessions. Ours, because the published adapter stores session tokens as they are;
 * here only their hashes reach the database. The providers' own tokens are not kept: nothing needs them.
 */
export function databaseAdapter(db: Db): Adapter {
  return {
    async createUser({ name, email, emailVerified, image }: Omit<AdapterUser, "id">) {
      return toAdapterUser(
        await db.user.create({
          data: {
            name: name ?? null,
            email: email.toLowerCase(),
            emailVerifiedAt: emailVerified,
            image: image ?? null,
          },
        }),
      )
    },
    async getUser(id) {
      const user = await db.user.findUnique({ where: { id } })
      return user && toAdapterUser(user)
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
    async updateUser({ id, name, emailVerified, image }) {
      const data = {
        ...(name === undefined ? {} : { name }),
        ...(emailVerified === undefined ? {} : { emailVerifiedAt: emailVerified }),
        ...(image === undefined ? {} : { image }),
      }
      return toAdapterUser(await db.user.update({ where: { id }, data }))
    },
    async linkAccount({ userId, provider, providerAccountId, type }: AdapterAccount) {
      await db.account.create({ data: { userId, provider, providerAccountId, type } })
    },
    async createSession({ sessionToken, userId, expires }) {
      await db.session.create({ data: { tokenHash: hashToken(sessionToken), userId, expiresAt: expires } })
      return { sessionToken, userId, expires }
    },
    async getSessionAndUser(sessionToken) {
      const session = await db.session.findUnique({
        where: { tokenHash: hashToken(sessionToken) },
        include: { user: true },
      })
      if (!session) return null
      const { userId, expiresAt: expires, user } = session
      return { session: { sessionToken, userId, expires }, user: toAdapterUser(user) }
    },
    async updateSession({ sessionToken, expires }) {
      if (!expires) return null
      const { userId } = await db.session.update({
        where: { tokenHash: hashToken(sessionToken) },
        data: { expiresAt: expires },
      })
      return { sessionToken, userId, expires }
    },
    async deleteSession(sessionToken) {
      await db.session.deleteMany({ where: { tokenHash: hashToken(sessionToken) } })
    },
  }
}

function toAdapterUser({ id, name, email, emailVerifiedAt, image }: User): AdapterUser {
  return { id, name, email, emailVerified: emailVerifiedAt, image }
}
