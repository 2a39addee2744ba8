"use server"

import { cancelEmailChange as cancel } from "@/lib/account/cancel-email-change"
import { confirmEmailChange as confirm } from "@/lib/account/confirm-email-change"
import { deleteAccount as deleteIt } from "@/lib/account/delete-account"
import { renamePerson as rename } from "@/lib/account/rename-person"
import { requestEmailChange as request } from "@/lib/account/request-email-change"
import { saveDisplay as save } from "@/lib/account/save-display"
import {
  cancelEmailChangeSchema,
  changeEmailSchema,
  confirmEmailSchema,
  deleteAccountSchema,
  displaySchema,
  renamePersonSchema,
} from "@/lib/account/schema"
import { keepDisplay } from "@/lib/auth/display-cookie"
import { forgetCookie, readTokenHash } from "@/lib/auth/session"
import { env } from "@/lib/env"
import { personAction } from "@/lib/web/person-action"
import { requestAddress } from "@/lib/web/request-address"

export const renamePerson = personAction({
  input: renamePersonSchema,
  run: async (ctx, input) => rename({ ...ctx, address: await requestAddress() }, input),
})

export const requestEmailChange = personAction({
  input: changeEmailSchema,
  run: async (ctx, input) =>
    request({ ...ctx, address: await requestAddress(), appUrl: env().APP_URL }, input),
})

export const cancelEmailChange = personAction({
  input: cancelEmailChangeSchema,
  run: (ctx) => cancel(ctx),
})

export const confirmEmailChange = personAction({
  input: confirmEmailSchema,
  async run(ctx, input) {
    const sessionHash = (await readTokenHash()) ?? ""
    return confirm({ ...ctx, address: await requestAddress(), sessionHash }, input)
  },
})

export const saveDisplay = personAction({
  input: displaySchema,
  async run(ctx, display) {
    await save(ctx, display)
    await keepDisplay(display)
  },
})

export const deleteAccount = personAction({
  input: deleteAccountSchema,
  async run(ctx, input) {
    await deleteIt({ ...ctx, address: await requestAddress() }, input)
    await forgetCookie()
  },
})
