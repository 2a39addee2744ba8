"use server"

import { approve, decline, withdraw } from "@/lib/auto-top-up/answer-approval"
import { saveRule } from "@/lib/auto-top-up/approval-rule"
import { approvalRefSchema, approvalRuleSchema } from "@/lib/auto-top-up/schema"
import { memberAction } from "@/lib/web/member-action"

const permission = "auto-top-up:manage"

export const saveApprovalRule = memberAction({
  permission,
  input: approvalRuleSchema,
  run: saveRule,
})

export const approveChange = memberAction({
  permission,
  input: approvalRefSchema,
  asksStripe: true,
  run: approve,
})

export const declineChange = memberAction({
  permission,
  input: approvalRefSchema,
  run: decline,
})

export const withdrawChange = memberAction({
  permission,
  input: approvalRefSchema,
  run: withdraw,
})
