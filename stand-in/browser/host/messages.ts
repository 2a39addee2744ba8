/** Messages between the script in the shop's page and the frames on the stand-in's origin. */

export interface StripeJsError {
  type: string
  code?: string
  decline_code?: string
  message: string
}

export interface Intent {
  id: string
  object: "payment_intent" | "setup_intent"
  client_secret: string
  status: string
  next_action: {
    type: string
    redirect_to_url?: { url: string }
    use_stripe_sdk?: { stripe_js: string }
  } | null
  last_payment_error?: StripeJsError | null
  last_setup_error?: StripeJsError | null
}

export type IntentAnswer =
  | { intent: Intent; error?: undefined }
  | { error: StripeJsError; intent?: undefined }

export type FrameCall =
  | { method: "validate" }
  | { method: "retrieve"; secret: string }
  | { method: "confirm"; secret: string; usesFields: boolean; params: object }
  | { method: "createPaymentMethod"; params: object }
  | { method: "focus" | "blur" | "clear" }
  | { method: "theme"; dark: boolean }

export type ToFrame = FrameCall & { id: number }

export type FrameEvent =
  | { type: "ready" }
  | { type: "resize"; height: number }
  | { type: "change"; empty: boolean; complete: boolean }
  | { type: "focus" | "blur" | "escape" }
  | { type: "loaderror"; error: StripeJsError }

export type FromFrame = FrameEvent | { type: "answer"; id: number; answer: object }
