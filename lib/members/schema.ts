import { publicIdSchema } from "@/lib/ids"
import { z } from "@/lib/zod"

/** The roles that one person gives to another. Ownership is handed over and accepted. */
export const GIVEN_ROLES = ["ADMIN", "MEMBER"] as const
export type GivenRole = (typeof GIVEN_ROLES)[number]

export const givenRoleSchema = z.enum(GIVEN_ROLES, "Choose a role.")

/** Each role’s purpose, for people who choose one. */
export const ROLE_WORDS: Record<GivenRole, { title: string; sentence: string }> = {
  ADMIN: {
    title: "Admin",
    sentence: "Buys credits, manages members and API keys. Can’t change the plan or the Owner.",
  },
  MEMBER: { title: "Member", sentence: "Uses credits and sees their own balance." },
}

export const changeRoleSchema = z.strictObject({ memberId: publicIdSchema("member"), role: givenRoleSchema })

/** `move`: the bought credits of the person who leaves go to the Owner’s pool. `keep`: they stay where they are. */
export const removeMemberSchema = z.strictObject({
  memberId: publicIdSchema("member"),
  credits: z.enum(["move", "keep"]),
})

export const offerOwnershipSchema = z.strictObject({ memberId: publicIdSchema("member") })
export const confirmOfferSchema = z.strictObject({
  offerId: publicIdSchema("own"),
  token: z.string().max(100),
})
export const ownershipSchema = z.strictObject({})

export const leaveTeamSchema = z.strictObject({})

/** Part of a name or an address. PostgreSQL takes no NUL. */
export const memberSearchSchema = z
  .string()
  .normalize("NFC")
  .transform((text) => text.replaceAll("\0", "").trim().slice(0, 100))
