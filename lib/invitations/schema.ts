import { publicIdSchema } from "@/lib/ids"
import { givenRoleSchema } from "@/lib/members/schema"
import { z } from "@/lib/zod"

/** One mail address as people type it. NFKC and lower case make two spellings of it one, as for signing in. */
export const invitedEmailSchema = z
  .string("Enter an email address.")
  .normalize("NFKC")
  .trim()
  .toLowerCase()
  .min(1, "Enter an email address.")
  .max(254, "Enter one email address.")
  .pipe(z.email("Enter one email address, like name@company.com."))

export const inviteSchema = z.strictObject({ email: invitedEmailSchema, role: givenRoleSchema })

export const invitationRefSchema = z.strictObject({ invitationId: publicIdSchema("inv") })

export const domainSchema = z.strictObject({ domain: z.string().max(253) })

export const joinByDomainSchema = z.strictObject({ teamId: publicIdSchema("team") })

export const acceptInvitationSchema = z.strictObject({ token: z.string().max(100) })
