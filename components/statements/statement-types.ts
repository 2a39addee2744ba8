/** A line of figures. Amounts are texts with all their digits; null where there is none. */
export type FigureRow = {
  key: string
  label: string
  detail: string | null
  credits: string | null
  included: string | null
  /** An opening or closing balance, between which the others lie. */
  isBalance: boolean
}

export type StatementSection = {
  key: string
  /** Null where the team has one pool and its name says nothing. */
  title: string | null
  balances: FigureRow[]
  byConsumable: FigureRow[]
  byMember: FigureRow[]
  payments: FigureRow[]
}

export type StatementRow = {
  month: string
  name: string
  number: string
  href: string
  pdfHref: string
  opening: string
  added: string
  used: string
  closing: string
}
