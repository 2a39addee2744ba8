"use server"

import { type ActionCtx, memberAction } from "@/lib/web/member-action"
import {
  createEndpoint as create,
  removeEndpoint as remove,
  rotateSecret as rotate,
  saveTypes as save,
  setEnabled as set,
} from "@/lib/webhooks/manage-endpoint"
import {
  createEndpointSchema,
  endpointRefSchema,
  redeliverSchema,
  saveTypesSchema,
  setEnabledSchema,
} from "@/lib/webhooks/schema"
import { redeliver as again, sendTest as test } from "@/lib/webhooks/send-again"

const ctxOf = ({ db, now, team, member }: ActionCtx) => ({ db, now, team, actor: { memberId: member.id } })
const permission = "webhooks:manage" as const

export const createEndpoint = memberAction({
  permission,
  input: createEndpointSchema,
  run: (ctx, input) => create(ctxOf(ctx), input),
})

export const saveEndpointTypes = memberAction({
  permission,
  input: saveTypesSchema,
  run: (ctx, input) => save(ctxOf(ctx), input),
})

export const rotateEndpointSecret = memberAction({
  permission,
  input: endpointRefSchema,
  run: (ctx, input) => rotate(ctxOf(ctx), input),
})

export const setEndpointEnabled = memberAction({
  permission,
  input: setEnabledSchema,
  run: (ctx, input) => set(ctxOf(ctx), input),
})

export const removeEndpoint = memberAction({
  permission,
  input: endpointRefSchema,
  run: (ctx, input) => remove(ctxOf(ctx), input),
})

export const sendTestEvent = memberAction({
  permission,
  input: endpointRefSchema,
  run: (ctx, input) => test(ctxOf(ctx), input),
})

export const redeliverEvent = memberAction({
  permission,
  input: redeliverSchema,
  run: (ctx, input) => again(ctxOf(ctx), input),
})
