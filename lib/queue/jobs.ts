import { z } from "zod"
import { CROSSINGS } from "@/lib/ledger/crossing"

/** As many tries as span about four days, because each pause is longer than the one before. */
const MAX_ATTEMPTS = 25

const job = <Payload extends z.ZodRawShape>(payload: Payload) => ({
  payload: z.strictObject(payload),
  maxAttempts: MAX_ATTEMPTS,
})

/**
 * Every job that something causes: its payload and how often it is tried. Payloads carry ids only, because a job reads the
 * rest when it runs. What each job does stands in lib/jobs/tasks.ts, which has to name every one of them.
 */
export const JOBS = {
  "process-stripe-events": job({ subjectId: z.string() }),
  "settle-purchase": job({ teamId: z.uuid(), purchaseId: z.uuid() }),
  "pay-with-default": job({ teamId: z.uuid() }),
  "send-customer-details": job({ teamId: z.uuid() }),
  "reconcile-team": job({ runId: z.uuid() }),
  "top-up-pool": job({ teamId: z.uuid(), poolId: z.uuid() }),
  "invoice-top-up": job({ teamId: z.uuid(), purchaseId: z.uuid() }),
  "tell-balance": job({
    teamId: z.uuid(),
    poolId: z.uuid(),
    crossing: z.enum(CROSSINGS),
    /** The pool's revision at the fall, which tells one fall from the next. */
    revision: z.string(),
    isSecondLook: z.boolean().optional(),
  }),
  "prepare-export": job({ teamId: z.uuid(), exportId: z.uuid() }),
  "mail-export": job({ teamId: z.uuid(), exportId: z.uuid() }),
  "fan-out-notification": job({ teamId: z.uuid(), notificationId: z.uuid() }),
  "deliver-webhooks": job({ teamId: z.uuid(), endpointId: z.uuid() }),
  "mail-billing-notice": job({ teamId: z.uuid(), notificationId: z.uuid() }),
  "mail-email-changed": job({ changeId: z.uuid() }),
  "mail-ownership-offer": job({ teamId: z.uuid(), offerId: z.uuid(), to: z.enum(["owner", "member"]) }),
  "mail-membership-change": job({ teamId: z.uuid(), eventId: z.uuid() }),
  "mail-invitation": job({
    teamId: z.uuid(),
    invitationId: z.uuid(),
    /** Counts the mails of an invitation. A later one makes an earlier one void. */
    mail: z.int(),
  }),
  "make-statements": job({ teamId: z.uuid() }),
  "mail-statement": job({
    teamId: z.uuid(),
    statementId: z.uuid(),
    /** The member who is mailed. Null: the billing email. */
    memberId: z.uuid().nullable(),
  }),
  "mail-notification": job({ teamId: z.uuid(), notificationId: z.uuid(), memberId: z.uuid() }),
}

export type JobName = keyof typeof JOBS
export type Payload<Name extends JobName> = z.infer<(typeof JOBS)[Name]["payload"]>
