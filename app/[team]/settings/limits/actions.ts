"use server"

import { removeLimit as remove } from "@/lib/limits/remove-limit"
import { saveLimit as save } from "@/lib/limits/save-limit"
import { saveProtection as protect } from "@/lib/limits/save-protection"
import { removeLimitSchema, saveLimitSchema, saveProtectionSchema } from "@/lib/limits/schema"
import { memberAction } from "@/lib/web/member-action"

export const saveLimit = memberAction({ permission: "limits:manage", input: saveLimitSchema, run: save })

export const removeLimit = memberAction({
  permission: "limits:manage",
  input: removeLimitSchema,
  run: remove,
})

export const saveProtection = memberAction({
  permission: "limits:manage",
  input: saveProtectionSchema,
  run: protect,
})
