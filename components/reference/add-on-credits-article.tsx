import { Article, Bullets, Named, PageList, Section, Steps, Subsection } from "@/components/reference/article"
import { ReferenceTable } from "@/components/reference/reference-table"
import { Code } from "@/components/ui/code"

type AddOnCreditsProps = { related: { href: string; label: string; about: string }[] }

export function AddOnCreditsArticle({ related }: AddOnCreditsProps) {
  return (
    <Article
      lead="Credits that you pay for in advance, in USD. They pay for usage beyond what your plan includes, on every plan, and never expire."
      title="Add-on credits"
    >
      <Section id="balance" title="See the balance">
        <p>
          Open <Named>{"Settings > Account > Billing"}</Named> and find the Credits card. Owners and Admins
          see every pool of the team, Members the balance of their own.
        </p>
        <ReferenceTable
          caption="What the Credits card shows"
          columns={[{ name: "On the card" }, { name: "What it is", onPhone: "unnamed" }]}
          rows={[
            {
              key: "balance",
              cells: [
                "Current balance",
                "What is left of purchased credits and promotions. The Low Balance badge appears when it is at or below your threshold: the one of auto top-up when that is on, else the team’s own ($5.00 unless changed).",
              ],
            },
            { key: "added", cells: ["Lifetime added", "Everything ever purchased or topped up."] },
            { key: "spent", cells: ["Lifetime spent", "Everything that usage has taken from credits."] },
            {
              key: "transactions",
              cells: [
                "Recent Transactions",
                "The five latest transactions with amount and running balance. History has all of them.",
              ],
            },
          ]}
        />
      </Section>
      <Section id="purchase" title="Purchase once">
        <p>Owners and Admins purchase credits, with the same payment method as the subscription.</p>
        <Steps>
          <li>
            On the Credits card, press <Named>Purchase Credits</Named>.
          </li>
          <li>Enter an amount from $5.00 to $1,000.00.</li>
          <li>
            Press <Named>Purchase</Named> and complete the payment in Stripe’s checkout, in the same dialog.
          </li>
        </Steps>
        <p>
          The new balance is there at once, with Stripe’s receipt. Credits roll over from month to month and
          never expire. They are not refundable except where required by law.
        </p>
      </Section>
      <AutoTopUp />
      <Section id="refunds" title="Refunds and disputes">
        <p>
          When a payment is refunded, in full or in part, its credits are taken back and History shows it with
          the reason. A disputed payment is taken back while the bank decides, and returned if the dispute is
          won. A refund that fails returns its credits.
        </p>
        <p>
          If more is taken back than is left, the balance falls below zero. Usage is refused, with the reason{" "}
          <Code>debt</Code>, until the next credits have covered it.
        </p>
      </Section>
      <Section id="run-out" title="When credits run out">
        <p>
          Credits have run out when the allowance and the included credits of the period are used up and the
          balance is zero. On Free it is the same.
        </p>
        <Bullets>
          <li>
            In chat, the conversation stops and shows the Out of Credits card, with a way to purchase more.
          </li>
          <li>
            Everything else (agents, API and MCP calls, email, SMS, voice, storage) answers{" "}
            <Code>insufficient_credits</Code> to new requests.
          </li>
          <li>Usage goes on after a top-up, when the billing period renews, or after an upgrade.</li>
        </Bullets>
        <p>
          Owners and Admins hear of it before: <Code>credit_balance_low</Code> when the balance reaches the
          threshold, <Code>credit_balance_depleted</Code> when it reaches zero. Each comes once, and again
          only after the balance has recovered.
        </p>
      </Section>
      <Section id="related" title="Related">
        <PageList pages={related} />
      </Section>
    </Article>
  )
}

function AutoTopUp() {
  return (
    <Section id="auto-top-up" title="Auto Top-Up">
      <p>
        Auto top-up adds credits automatically whenever the balance is low, so that usage isn’t cut off in the
        middle of a month. It is off until an Owner or Admin turns it on.
      </p>
      <Steps>
        <li>
          On the Credits card, go to <Named>Auto Top-Up</Named> and press <Named>Enable</Named>, or{" "}
          <Named>Manage</Named> if it is on.
        </li>
        <li>
          Switch <Named>Enable auto top-up</Named> on.
        </li>
        <li>Confirm the default payment method, or add one.</li>
        <li>
          Set the two amounts below, then press <Named>Save</Named>. If the balance is low already, saving
          tops it up at once; the page first says what that charges.
        </li>
      </Steps>
      <ReferenceTable
        caption="Settings of auto top-up"
        columns={[{ name: "Setting" }, { name: "What it does", onPhone: "unnamed" }, { name: "Range" }]}
        rows={[
          {
            key: "threshold",
            cells: [
              "When credits are below",
              "A balance at or below this starts a top-up.",
              "$0.00 to the purchase amount",
            ],
          },
          {
            key: "amount",
            cells: ["Purchase this amount", "What each top-up adds.", "$5.00 to $100,000.00"],
          },
          {
            key: "cap",
            cells: [
              "Monthly spend cap",
              "The most that auto top-ups of the whole team may add in a calendar month (UTC). One-time purchases don’t count.",
              "$200.00 unless changed; may be none",
            ],
          },
        ]}
      />
      <Subsection title="Limits and failures">
        <Bullets>
          <li>A pool is topped up at most 3 times an hour and 10 times a day.</li>
          <li>
            Each top-up sends <Code>credit_auto_recharge_triggered</Code>, each that fails{" "}
            <Code>credit_purchase_failed</Code>, with the reason in plain words.
          </li>
          <li>
            A failed top-up is tried again after an hour. Three failures in a row suspend auto top-up until
            another card is added or somebody turns it on again.
          </li>
          <li>
            If the bank asks for authentication, a link brings an Owner or Admin back to confirm the payment.
          </li>
          <li>The Billing page keeps the reason of every top-up that didn’t happen.</li>
        </Bullets>
      </Subsection>
    </Section>
  )
}
