import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { env } from "@/lib/env"
import { loadEnvFile } from "@/lib/load-env-file"
import { type SetupStep, setUpAccount } from "@/lib/stripe/set-up-account"

const HELP = `Creates what Credits needs at Stripe, or brings it in line with this version: the webhook endpoint at APP_URL
with its event types and API version, the prices of the plans, and the two configurations of the Customer Portal.

  npm run stripe:setup -- [options]

  --check   changes nothing, only prints what differs
  --help    prints this

It can be run at any time, and again after each upgrade. Ends with 0 if everything is right, 2 if something differs or has
to be changed by hand, 1 if it couldn't finish.`

const SAID: Record<SetupStep["outcome"], string> = {
  right: "right",
  differs: "differs",
  made: "made",
  changed: "changed",
  by_hand: "to be changed by hand",
}

/** Runs the command and returns its exit code. */
export async function runSetup(args: string[], print: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  })
  if (values.help) {
    print(HELP)
    return 0
  }
  const steps = await setUpAccount({ appUrl: env().APP_URL, isCheck: values.check })
  for (const { what, differences, outcome, secret } of steps) {
    print(`${what}: ${SAID[outcome]}`)
    for (const difference of differences) print(`  - ${difference}`)
    if (secret) print(`  Set this; Stripe tells it only once:\n  STRIPE_WEBHOOK_SECRET=${secret}`)
  }
  return steps.some(({ outcome }) => outcome === "differs" || outcome === "by_hand") ? 2 : 0
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  loadEnvFile()
  const code = await runSetup(process.argv.slice(2), (text) => console.log(text)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 1
  })
  process.exit(code)
}
