import Ajv, { type ValidateFunction } from "ajv"
import { StripeApiError } from "../notation/errors"
import type { JsonSchema } from "./convert"
import { type ContractSchema, loadContractSchema } from "./schema"

export interface Violation {
  what: string
  errors: string[]
}

/** The SDK type of an object inside an event. */
const TYPE_OF_OBJECT: Record<string, string> = {
  balance_transaction: "BalanceTransaction",
  tax_id: "TaxId",
  "billing_portal.configuration": "BillingPortal.Configuration",
  "billing_portal.session": "BillingPortal.Session",
  charge: "Charge",
  "checkout.session": "Checkout.Session",
  customer: "Customer",
  invoice: "Invoice",
  invoiceitem: "InvoiceItem",
  invoice_payment: "InvoicePayment",
  payment_intent: "PaymentIntent",
  payment_method: "PaymentMethod",
  dispute: "Dispute",
  "radar.early_fraud_warning": "Radar.EarlyFraudWarning",
  price: "Price",
  product: "Product",
  refund: "Refund",
  subscription: "Subscription",
  subscription_schedule: "SubscriptionSchedule",
  setup_intent: "SetupIntent",
}

/** Compiles each type when first needed, or all at once, because they share most of their parts. */
class Validators {
  private readonly ajv: Ajv
  private readonly compiled = new Map<string, ValidateFunction>()

  constructor(
    private readonly schemas: Record<string, JsonSchema>,
    of: ContractSchema,
    coerceTypes: boolean,
  ) {
    this.ajv = new Ajv({
      strict: false,
      allErrors: false,
      coerceTypes,
      inlineRefs: false,
      // Ajv's passes over the code it makes cost more than the few hundred checks of a process save.
      code: { optimize: false },
    })
    this.ajv.addSchema({ $id: "sdk", definitions: of.definitions })
  }

  compileAll(): this {
    for (const name of Object.keys(this.schemas)) this.get(name)
    return this
  }

  get(name: string): ValidateFunction | undefined {
    const ready = this.compiled.get(name)
    const schema = this.schemas[name]
    if (ready || schema === undefined) return ready
    const absolute = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/definitions/', '"sdk#/definitions/'),
    ) as JsonSchema
    const validate = this.ajv.compile(typeof absolute === "boolean" ? {} : absolute)
    this.compiled.set(name, validate)
    return validate
  }
}

interface Compiled {
  answers: Validators
  requests: Validators
}

/** Kept for the whole process: tests start many stand-ins in one. */
let compiled: Promise<Compiled> | null = null

/** Checks every answer and every request against the types of the installed SDK. */
export class Contract {
  checked = 0
  readonly violations: Violation[] = []
  private readonly answers: Validators
  private readonly requests: Validators

  private constructor(compiled: Compiled) {
    this.answers = compiled.answers
    this.requests = compiled.requests
  }

  static async load(): Promise<Contract> {
    compiled ??= loadContractSchema().then((schema) => ({
      // The first answer needs nearly all of them, and a test's first call shouldn't wait for that.
      answers: new Validators(schema.answers, schema, false).compileAll(),
      requests: new Validators(schema.requests, schema, true),
    }))
    return new Contract(await compiled)
  }

  checkRequest(type: string, params: object): void {
    this.require(this.requests, type, structuredClone(params), `request ${type}`)
  }

  checkAnswer(type: string | [string], answer: object): void {
    if (typeof type === "string") {
      this.checkObject(type, answer)
      return
    }
    const list = answer as { object?: unknown; data?: unknown; has_more?: unknown; url?: unknown }
    const complete =
      list.object === "list" && typeof list.has_more === "boolean" && typeof list.url === "string"
    if (!complete || !Array.isArray(list.data)) throw this.violation(`list of ${type[0]}`, ["is not a list"])
    else for (const each of list.data) this.checkObject(type[0], each as object)
  }

  /** Checks an event's envelope, and the object inside by its own name. */
  checkEvent(event: object): void {
    this.require(this.answers, "EventBase", withoutData(event), "event")
    const object = (event as { data: { object: object } }).data.object
    const tag = String(Reflect.get(object, "object"))
    const type = TYPE_OF_OBJECT[tag]
    if (type) this.checkObject(type, object)
    else throw this.violation("event", [`carries an object of the unknown type ${tag}`])
  }

  private checkObject(type: string, object: object): void {
    if (type === "Event") this.checkEvent(object)
    else {
      const deleted = type === "Customer" && Reflect.get(object, "deleted") === true
      const actual = deleted ? "DeletedCustomer" : type
      this.require(this.answers, actual, object, `answer ${actual}`)
    }
  }

  private require(validators: Validators, type: string, value: object, what: string): void {
    const validate = validators.get(type)
    if (!validate) throw this.violation(what, ["has no schema"])
    this.checked += 1
    if (validate(value)) return
    const errors = (validate.errors ?? []).map(
      (error) => `${error.instancePath || "/"} ${error.message ?? ""} ${JSON.stringify(error.params)}`,
    )
    throw this.violation(what, errors.slice(0, 12))
  }

  private violation(what: string, errors: string[]): StripeApiError {
    this.violations.push({ what, errors })
    return new StripeApiError(500, {
      type: "api_error",
      message: `Contract violation in ${what}: ${errors.join("; ")}`,
    })
  }
}

function withoutData(event: object): object {
  return { ...event, data: { object: {} } }
}
