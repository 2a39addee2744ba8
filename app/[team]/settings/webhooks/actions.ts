"use server"

import { memberAction } from "@/lib/web/member-action"
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

const permission = "webhooks:manage" as const

export const createEndpoint = memberAction({
  permission,
  input: createEndpointSchema,
  run: create,
})

export const saveEndpointTypes = memberAction({
  permission,
  input: saveTypesSchema,
  run: save,
})

export const rotateEndpointSecret = memberAction({
  permission,
  input: endpointRefSchema,
  run: rotate,
})

export const setEndpointEnabled = memberAction({
  permission,
  input: setEnabledSchema,
  run: set,
})

export const removeEndpoint = memberAction({
  permission,
  input: endpointRefSchema,
  run: remove,
})

export const sendTestEvent = memberAction({
  permission,
  input: endpointRefSchema,
  run: test,
})

export const redeliverEvent = memberAction({
  permission,
  input: redeliverSchema,
  run: again,
})
